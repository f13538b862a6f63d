package dev.tessera.cpu.step;

import dev.tessera.cpu.blas.MatrixView;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.StridedView;
import org.jspecify.annotations.Nullable;

/** How the last two axes of a view lie in memory, if rows or columns are contiguous there. */
record MatrixLayout(int rows, int columns, int leadingDimension, boolean isTransposed) {
    /** The layout of the last two axes, or null if products need a copy of it. */
    static @Nullable MatrixLayout of(StridedView view) {
        int last = view.rank() - 1;
        return of(view.dim(last - 1), view.dim(last), view.stride(last - 1), view.stride(last));
    }

    static @Nullable MatrixLayout of(long rows, long columns, long rowStride, long columnStride) {
        if (rows == 0 || columns == 0) {
            return new MatrixLayout((int) rows, (int) columns, (int) Math.max(1, columns), false);
        }
        if ((columns == 1 || columnStride == 1)
                && (rows == 1 || rowStride >= columns)
                && rowStride <= Integer.MAX_VALUE) {
            long lead = rows == 1 ? columns : rowStride;
            return new MatrixLayout((int) rows, (int) columns, (int) lead, false);
        }
        if ((rows == 1 || rowStride == 1)
                && (columns == 1 || columnStride >= rows)
                && columnStride <= Integer.MAX_VALUE) {
            long lead = columns == 1 ? rows : columnStride;
            return new MatrixLayout((int) rows, (int) columns, (int) lead, true);
        }
        return null;
    }

    MatrixView at(Elements elements, long offset) {
        long from = rows == 0 || columns == 0 ? 0 : offset;
        if (isTransposed) {
            return MatrixView.rowMajor(elements.bytes(), from, columns, rows, leadingDimension)
                    .transpose();
        }
        return MatrixView.rowMajor(elements.bytes(), from, rows, columns, leadingDimension);
    }
}
