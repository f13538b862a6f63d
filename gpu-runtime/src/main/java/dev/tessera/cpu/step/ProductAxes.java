package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.StridedView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The axes of a batch of matrix products: leading axes folded into the rows or the columns of one product as far as
 * strides allow, and a nest of those that are left. Used once, by one thread.
 */
final class ProductAxes {
    private final List<long[]> leading = new ArrayList<>();
    private final long inner;
    private final long[] aStrides;
    private final long[] bStrides;
    private final long[] outStrides;
    private long rows;
    private long columns;
    private MatrixLayout a;
    private MatrixLayout b;
    private MatrixLayout out;
    private boolean isEmpty;
    private boolean isFolded;

    ProductAxes(StridedView a, StridedView b, StridedView out) {
        int last = out.rank() - 1;
        this.rows = out.dim(last - 1);
        this.columns = out.dim(last);
        this.inner = a.dim(last);
        this.aStrides = matrixStrides(a);
        this.bStrides = matrixStrides(b);
        this.outStrides = matrixStrides(out);
        this.a = required(MatrixLayout.of(a), a);
        this.b = required(MatrixLayout.of(b), b);
        this.out = required(MatrixLayout.of(out), out);
        this.isEmpty = rows == 0 || columns == 0;
        for (int axis = last - 2; axis >= 0; axis--) {
            take(out.dim(axis), a.stride(axis), b.stride(axis), out.stride(axis));
        }
    }

    private static long[] matrixStrides(StridedView view) {
        int last = view.rank() - 1;
        return new long[] {view.stride(last - 1), view.stride(last)};
    }

    private static MatrixLayout required(@Nullable MatrixLayout layout, StridedView view) {
        if (layout == null) {
            throw new IllegalStateException("No product reads a matrix laid out as " + view);
        }
        return layout;
    }

    /** Takes the axis of the batch's rows, outermost. */
    void takeRows(int rowCount, long aStride, long bStride, long outStride) {
        take(rowCount, aStride, bStride, outStride);
    }

    private void take(long dim, long aStride, long bStride, long outStride) {
        isEmpty |= dim == 0;
        if (dim != 1
                && !isEmpty
                && !foldIntoRows(dim, aStride, bStride, outStride)
                && !foldIntoColumns(dim, aStride, bStride, outStride)) {
            leading.add(new long[] {dim, aStride, bStride, outStride});
        }
    }

    private boolean foldIntoRows(long dim, long aStride, long bStride, long outStride) {
        boolean isOne = rows == 1 || (aStride == aStrides[0] * rows && outStride == outStrides[0] * rows);
        if (bStride != 0 || !isOne || rows * dim > Integer.MAX_VALUE) {
            return false;
        }
        long aRow = rows == 1 ? aStride : aStrides[0];
        long outRow = rows == 1 ? outStride : outStrides[0];
        MatrixLayout newA = MatrixLayout.of(rows * dim, inner, aRow, aStrides[1]);
        MatrixLayout newOut = MatrixLayout.of(rows * dim, columns, outRow, outStrides[1]);
        if (newA == null || newOut == null) {
            return false;
        }
        isFolded = true;
        rows *= dim;
        aStrides[0] = aRow;
        outStrides[0] = outRow;
        a = newA;
        out = newOut;
        return true;
    }

    private boolean foldIntoColumns(long dim, long aStride, long bStride, long outStride) {
        boolean isOne = columns == 1 || (bStride == bStrides[1] * columns && outStride == outStrides[1] * columns);
        if (aStride != 0 || !isOne || columns * dim > Integer.MAX_VALUE) {
            return false;
        }
        long bColumn = columns == 1 ? bStride : bStrides[1];
        long outColumn = columns == 1 ? outStride : outStrides[1];
        MatrixLayout newB = MatrixLayout.of(inner, columns * dim, bStrides[0], bColumn);
        MatrixLayout newOut = MatrixLayout.of(rows, columns * dim, outStrides[0], outColumn);
        if (newB == null || newOut == null) {
            return false;
        }
        isFolded = true;
        columns *= dim;
        bStrides[1] = bColumn;
        outStrides[1] = outColumn;
        b = newB;
        out = newOut;
        return true;
    }

    boolean isEmpty() {
        return isEmpty;
    }

    /** Whether the product has more rows or columns than that of one row and index. */
    boolean isFolded() {
        return isFolded;
    }

    MatrixLayout a() {
        return a;
    }

    MatrixLayout b() {
        return b;
    }

    MatrixLayout out() {
        return out;
    }

    /** The axes that are left, views being a, b and out. */
    AxisNest nest() {
        AxisNest nest = new AxisNest(3);
        for (int i = leading.size() - 1; i >= 0; i--) {
            long[] axis = leading.get(i);
            nest.add(axis[0], axis[1], axis[2], axis[3]);
        }
        return nest;
    }
}
