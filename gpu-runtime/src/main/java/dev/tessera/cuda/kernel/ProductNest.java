package dev.tessera.cuda.kernel;

import dev.tessera.plan.Operand;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** The strided batches of products that the axes of a product step come to. */
final class ProductNest {
    private final String kind;
    private final LaunchBinder slots;
    private final ProductAxes axes;
    private final List<DeviceWork> products = new ArrayList<>();

    ProductNest(String kind, LaunchBinder slots, ProductAxes axes) {
        this.kind = kind;
        this.slots = slots;
        this.axes = axes;
    }

    List<DeviceWork> over(Operand a, Operand b, Operand out) {
        DeviceWork.ProductShape shape = axes.shape();
        if (shape.rows() == 0 || shape.columns() == 0) {
            return List.of();
        }
        List<Operand> operands = List.of(a, b, out);
        long[] offsets = {slots.offset(a), slots.offset(b), slots.offset(out)};
        loop(0, operands, offsets);
        return products;
    }

    /** Goes over all leading axes but the last, which is that of the strided batch. */
    private void loop(int depth, List<Operand> operands, long[] offsets) {
        List<ProductAxes.Axis> leading = axes.leading();
        if (depth < leading.size() - 1) {
            ProductAxes.Axis axis = leading.get(depth);
            for (long i = 0; i < axis.size(); i++) {
                long[] moved = {offsets[0] + i * axis.a(), offsets[1] + i * axis.b(), offsets[2] + i * axis.out()};
                loop(depth + 1, operands, moved);
            }
            return;
        }
        ProductAxes.Axis batch = leading.isEmpty() ? new ProductAxes.Axis(1, 0, 0, 0) : leading.get(leading.size() - 1);
        if (batch.size() > 0) {
            add(batch, operands, offsets);
        }
    }

    private void add(ProductAxes.Axis batch, List<Operand> operands, long[] offsets) {
        DType dtype = slots.dtype(operands.get(2));
        products.add(new DeviceWork.Product(
                kind,
                dtype,
                batch.size(),
                axes.shape(),
                matrix(operands.get(0), offsets[0], batch.a(), axes.a()),
                matrix(operands.get(1), offsets[1], batch.b(), axes.b()),
                matrix(operands.get(2), offsets[2], batch.out(), axes.out())));
    }

    private DeviceWork.Matrix matrix(Operand operand, long offset, long stride, long[] strides) {
        int width = slots.dtype(operand).widthInBytes();
        return new DeviceWork.Matrix(operand.slot(), offset * width, stride, strides[0], strides[1]);
    }
}
