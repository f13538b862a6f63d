package dev.tessera.cpu.step;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.MatrixView;
import dev.tessera.cpu.blas.Scaling;
import dev.tessera.cpu.blas.ShiftedProduct;
import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.tensor.DType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products for all rows and leading indices. Where one operand is the same along an axis, that axis is folded into
 * the other's rows or columns, so that a product with weights is one product for a whole batch. What follows in place
 * runs panel by panel, while the cache still has what was just multiplied.
 */
final class ProductStep implements CpuStep {
    /** What a panel holds of the result: in panels of a quarter of this, OpenBLAS was measurably slower. */
    private static final long PANEL_BYTES = 1024 * 1024;

    /** Rows of the result below which packing the other operand again for every panel would be felt. */
    private static final int MIN_PANEL_HEIGHT = 512;

    private final DType dtype;
    private final MatrixProduct product;
    private final StridedView a;
    private final StridedView b;
    private final StridedView out;
    private final boolean isSymmetric;
    private final List<ProgramStep> epilogue;
    /** For panels of full height and for the last one, where the memory is that of the batch before. */
    private final @Nullable Prepared[] kept = new Prepared[2];

    private int replaced;

    /** A product of so many rows of these elements, none if there is nothing to multiply, and what it is repeated along. */
    private record Prepared(
            int rowCount,
            Factors factors,
            AxisNest nest,
            @Nullable ShiftedProduct product) {
        boolean isFor(int rows, Factors given) {
            return rows == rowCount
                    && given.left == factors.left
                    && given.right == factors.right
                    && given.result == factors.result;
        }
    }

    private record Factors(Elements left, Elements right, Elements result) {}

    /** Multiplies, and then runs the epilogue, which may be none. */
    ProductStep(MultipliedViews views, DType dtype, MatrixProduct product, List<ProgramStep> epilogue) {
        this.dtype = dtype;
        this.product = product;
        this.a = views.a();
        this.b = views.b();
        this.out = views.out();
        this.isSymmetric = views.isSymmetric();
        this.epilogue = List.copyOf(epilogue);
    }

    /**
     * The factors and where their product goes, each with rows or columns that are contiguous; symmetric if b is the
     * transpose of a.
     */
    record MultipliedViews(StridedView a, StridedView b, StridedView out, boolean isSymmetric) {}

    @Override
    public void run(Frame frame) {
        int rowCount = frame.rowCount();
        int most = epilogue.isEmpty() ? rowCount : rowsPerPanel(rowCount);
        for (int row = 0; row < rowCount; row += most) {
            int count = Math.min(most, rowCount - row);
            multiply(frame, row, count);
            for (ProgramStep step : epilogue) {
                step.run(frame, row, count);
            }
        }
    }

    private int rowsPerPanel(int rowCount) {
        long height = Math.max(1, out.elementCount() / Math.max(1, out.dim(out.rank() - 1)));
        long bytes = Math.max(1, out.elementCount() * dtype.widthInBytes());
        long rows = Math.max(PANEL_BYTES / bytes, (MIN_PANEL_HEIGHT + height - 1) / height);
        return (int) Math.max(1, Math.min(rows, rowCount));
    }

    private void multiply(Frame frame, int firstRow, int rowCount) {
        Factors factors = new Factors(frame.slot(a.slot()), frame.slot(b.slot()), frame.slot(out.slot()));
        Prepared prepared = prepared(rowCount, factors);
        ShiftedProduct shifted = prepared.product;
        if (shifted != null) {
            long[] start = {
                firstRow * factors.left.rowStride(),
                firstRow * factors.right.rowStride(),
                firstRow * factors.result.rowStride()
            };
            boolean isDone = false;
            try {
                prepared.nest.forEach(0, start, at -> shifted.multiply(at[0], at[1], at[2]));
                shifted.finish();
                isDone = true;
            } finally {
                if (!isDone) {
                    // What is outstanding of a product that failed must not reach the next one.
                    Arrays.fill(kept, null);
                }
            }
        }
    }

    private Prepared prepared(int rowCount, Factors factors) {
        for (Prepared known : kept) {
            if (known != null && known.isFor(rowCount, factors)) {
                return known;
            }
        }
        Prepared prepared = prepare(rowCount, factors);
        kept[replaced] = prepared;
        replaced = (replaced + 1) % kept.length;
        return prepared;
    }

    private Prepared prepare(int rowCount, Factors factors) {
        ProductAxes axes = new ProductAxes(a, b, out);
        axes.takeRows(rowCount, factors.left.rowStride(), factors.right.rowStride(), factors.result.rowStride());
        ShiftedProduct shifted = axes.isEmpty() ? null : product(axes, factors);
        return new Prepared(rowCount, factors, axes.nest(), shifted);
    }

    private ShiftedProduct product(ProductAxes axes, Factors factors) {
        MatrixView left = axes.a().at(factors.left, a.offset());
        MatrixView result = axes.out().at(factors.result, out.offset());
        if (isSymmetric && !axes.isFolded()) {
            return product.prepareSymmetric(dtype, left, result);
        }
        MatrixView right = axes.b().at(factors.right, b.offset());
        return product.prepare(dtype, Scaling.OVERWRITE, left, right, result);
    }
}
