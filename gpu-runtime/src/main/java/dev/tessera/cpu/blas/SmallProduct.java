package dev.tessera.cpu.blas;

import dev.tessera.cpu.math.SmallProducts;
import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/**
 * Products of small matrices by {@link SmallProducts}: as many as fill a few kilobytes are copied to heap arrays,
 * multiplied, and their results copied back. Confined to one thread.
 */
final class SmallProduct implements ShiftedProduct {
    /** Elements of the largest operand that are staged at once: more would leave the first-level cache. */
    private static final int STAGED = 1024;

    private final StagedMatrices a;
    private final StagedMatrices b;
    private final StagedMatrices c;
    private final IntConsumer kernel;
    private final int capacity;
    private int count;

    /** Prepares {@code C = A*B} of float32 or float64. C must not be transposed. */
    SmallProduct(SmallProducts products, DType dtype, MatrixView a, MatrixView b, MatrixView c) {
        SmallProducts.Shape shape = new SmallProducts.Shape(c.rows(), a.columns(), c.columns());
        int largest = Math.max(shape.elementsOfC(), Math.max(shape.elementsOfA(), shape.elementsOfB()));
        this.capacity = Math.max(1, STAGED / largest);
        this.a = new StagedMatrices(a, stage(dtype, a, shape.elementsOfA()), capacity);
        this.b = new StagedMatrices(b, stage(dtype, b, shape.elementsOfB()), capacity);
        this.c = new StagedMatrices(c, stage(dtype, c, shape.elementsOfC()), capacity);
        this.kernel = kernel(products, shape);
    }

    private Stage stage(DType dtype, MatrixView matrix, int elements) {
        ByteBuffer bytes = PlainGemm.nativeOrder(matrix.buffer());
        int length = capacity * elements + SmallProducts.SLACK;
        return dtype == DType.FLOAT32
                ? new Stage.Floats(bytes.asFloatBuffer(), new float[length])
                : new Stage.Doubles(bytes.asDoubleBuffer(), new double[length]);
    }

    private IntConsumer kernel(SmallProducts products, SmallProducts.Shape shape) {
        if (a.stage() instanceof Stage.Floats x
                && b.stage() instanceof Stage.Floats y
                && c.stage() instanceof Stage.Floats z) {
            return n -> products.multiply(shape, n, x.array(), y.array(), z.array());
        }
        if (a.stage() instanceof Stage.Doubles x
                && b.stage() instanceof Stage.Doubles y
                && c.stage() instanceof Stage.Doubles z) {
            return n -> products.multiply(shape, n, x.array(), y.array(), z.array());
        }
        throw new IllegalStateException("The operands of one product are staged as different dtypes");
    }

    @Override
    public void multiply(long aShift, long bShift, long cShift) {
        a.place(count, aShift);
        b.place(count, bShift);
        c.place(count, cShift);
        count++;
        if (count == capacity) {
            finish();
        }
    }

    @Override
    public void finish() {
        a.load(count);
        b.load(count);
        kernel.accept(count);
        c.store(count);
        count = 0;
    }
}
