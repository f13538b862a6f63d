package dev.tessera.cpu.math;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Calls small products until they are compiled, and checks what they give. Confined to one thread. */
final class ProductWarmUp {
    /** Each size runs for about this many multiplications, past the thresholds of C2 for loops and for calls. */
    private static final long WORK = 12_000_000;

    /** The sizes with loops of their own, one with every kind of tile, and one of a single row. */
    private static final List<SmallProducts.Shape> SHAPES = List.of(
            new SmallProducts.Shape(4, 4, 4),
            new SmallProducts.Shape(8, 8, 8),
            new SmallProducts.Shape(16, 16, 16),
            new SmallProducts.Shape(32, 32, 32),
            new SmallProducts.Shape(64, 64, 64),
            new SmallProducts.Shape(5, 12, 28),
            new SmallProducts.Shape(1, 24, 60));

    private final SmallProducts products;
    private final float[] floats =
            ascending(SmallProducts.LONGEST_SIDE * SmallProducts.LONGEST_SIDE + SmallProducts.SLACK);
    private final float[] floatResult = new float[floats.length];
    private final double[] doubles = new double[floats.length];
    private final double[] doubleResult = new double[floats.length];

    ProductWarmUp(SmallProducts products) {
        this.products = products;
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = floats[i];
        }
    }

    private static float[] ascending(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i % 61 - 30;
        }
        return values;
    }

    /** Returns false if stopped before the end. */
    boolean run(BooleanSupplier stop) {
        for (SmallProducts.Shape shape : SHAPES) {
            long work = (long) shape.rows() * shape.inner() * shape.columns();
            int count = count(shape);
            for (long done = 0; done < WORK; done += work * count) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                products.multiply(shape, count, floats, floats, floatResult);
                products.multiply(shape, count, doubles, doubles, doubleResult);
            }
        }
        return true;
    }

    private int count(SmallProducts.Shape shape) {
        int largest = Math.max(shape.elementsOfC(), Math.max(shape.elementsOfA(), shape.elementsOfB()));
        return (floats.length - SmallProducts.SLACK) / largest;
    }

    /** Whether products of whole numbers, which are exact, equal those of the plain loops. */
    boolean isRight() {
        float[] expected = new float[floats.length];
        for (SmallProducts.Shape shape : SHAPES) {
            int count = count(shape);
            PlainSmallProducts.INSTANCE.multiply(shape, count, floats, floats, expected);
            products.multiply(shape, count, floats, floats, floatResult);
            products.multiply(shape, count, doubles, doubles, doubleResult);
            for (int i = 0; i < count * shape.elementsOfC(); i++) {
                if (floatResult[i] != expected[i] || doubleResult[i] != expected[i]) {
                    return false;
                }
            }
        }
        return true;
    }
}
