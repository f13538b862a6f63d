package dev.tessera.cpu.step;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.Scaling;
import dev.tessera.cpu.blas.ShiftedProduct;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.tensor.DType;
import java.util.List;

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
    private final List<ProgramStep> epilogue;

    /** Multiplies, and then runs the epilogue, which may be none. */
    ProductStep(MultipliedViews views, DType dtype, MatrixProduct product, List<ProgramStep> epilogue) {
        this.dtype = dtype;
        this.product = product;
        this.a = views.a();
        this.b = views.b();
        this.out = views.out();
        this.epilogue = List.copyOf(epilogue);
    }

    /** The factors and where their product goes, each with rows or columns that are contiguous. */
    record MultipliedViews(StridedView a, StridedView b, StridedView out) {}

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
        Elements left = frame.slot(a.slot());
        Elements right = frame.slot(b.slot());
        Elements result = frame.slot(out.slot());
        ProductAxes axes = new ProductAxes(a, b, out);
        axes.takeRows(rowCount, left.rowStride(), right.rowStride(), result.rowStride());
        if (axes.isEmpty()) {
            return;
        }
        ShiftedProduct shifted = product.prepare(
                dtype,
                Scaling.OVERWRITE,
                axes.a().at(left, a.offset() + firstRow * left.rowStride()),
                axes.b().at(right, b.offset() + firstRow * right.rowStride()),
                axes.out().at(result, out.offset() + firstRow * result.rowStride()));
        axes.nest().forEach(0, new long[3], at -> shifted.multiply(at[0], at[1], at[2]));
        shifted.finish();
    }
}
