package dev.tessera.cpu.step;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.Scaling;
import dev.tessera.cpu.blas.ShiftedProduct;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.tensor.DType;

/**
 * Matrix products for all rows and leading indices. Where one operand is the same along an axis, that axis is folded into
 * the other's rows or columns, so that a product with weights is one product for a whole batch.
 */
final class ProductStep implements CpuStep {
    private final DType dtype;
    private final MatrixProduct product;
    private final StridedView a;
    private final StridedView b;
    private final StridedView out;

    ProductStep(DType dtype, MatrixProduct product, StridedView a, StridedView b, StridedView out) {
        this.dtype = dtype;
        this.product = product;
        this.a = a;
        this.b = b;
        this.out = out;
    }

    StridedView out() {
        return out;
    }

    @Override
    public void run(Frame frame) {
        Elements left = frame.slot(a.slot());
        Elements right = frame.slot(b.slot());
        Elements result = frame.slot(out.slot());
        ProductAxes axes = new ProductAxes(a, b, out);
        axes.takeRows(frame.rowCount(), left.rowStride(), right.rowStride(), result.rowStride());
        if (axes.isEmpty()) {
            return;
        }
        ShiftedProduct shifted = product.prepare(
                dtype,
                Scaling.OVERWRITE,
                axes.a().at(left, a.offset()),
                axes.b().at(right, b.offset()),
                axes.out().at(result, out.offset()));
        axes.nest().forEach(0, new long[3], at -> shifted.multiply(at[0], at[1], at[2]));
        shifted.finish();
    }
}
