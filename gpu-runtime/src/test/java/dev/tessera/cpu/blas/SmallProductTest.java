package dev.tessera.cpu.blas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cpu.math.PlainSmallProducts;
import dev.tessera.cpu.math.SmallProducts;
import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the products of small matrices to naive sums, in every layout and at sizes around the tiles. */
class SmallProductTest {
    private static final int[] SIZES = {1, 3, 4, 7, 8, 16, 17, 28, 64};
    private static final float MARK = 7e7f;

    private static List<SmallProducts> implementations() throws ReflectiveOperationException {
        List<SmallProducts> all = new ArrayList<>(List.of(PlainSmallProducts.INSTANCE));
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            all.add((SmallProducts) Class.forName("dev.tessera.cpu.math.vector.VectorSmallProducts")
                    .getDeclaredConstructor()
                    .newInstance());
        }
        return all;
    }

    enum FloatingType {
        FLOAT32(DType.FLOAT32, 0x1p-24),
        FLOAT64(DType.FLOAT64, 0x1p-53);

        private final DType dtype;
        private final double unit;

        FloatingType(DType dtype, double unit) {
            this.dtype = dtype;
            this.unit = unit;
        }

        private double get(ByteBuffer buffer, int index) {
            return dtype == DType.FLOAT32 ? buffer.getFloat(4 * index) : buffer.getDouble(8 * index);
        }

        private void put(ByteBuffer buffer, int index, double value) {
            if (dtype == DType.FLOAT32) {
                buffer.putFloat(4 * index, (float) value);
            } else {
                buffer.putDouble(8 * index, value);
            }
        }

        private ByteBuffer allocate(Random random, int count) {
            ByteBuffer buffer =
                    ByteBuffer.allocate(count * dtype.widthInBytes()).order(ByteOrder.nativeOrder());
            for (int i = 0; i < count; i++) {
                put(buffer, i, random.nextInt() * 0x1p-20);
            }
            return buffer;
        }
    }

    /** Where equally shaped matrices lie: gaps between rows and between matrices, and whether columns are stored. */
    private record Layout(boolean isTransposed, int rowGap, int matrixGap) {
        int lead(int rows, int columns) {
            return (isTransposed ? rows : columns) + rowGap;
        }

        int stride(int rows, int columns) {
            return lead(rows, columns) * (isTransposed ? columns : rows) + matrixGap;
        }

        MatrixView view(ByteBuffer buffer, int rows, int columns) {
            return isTransposed
                    ? MatrixView.rowMajor(buffer, 1, columns, rows, lead(rows, columns))
                            .transpose()
                    : MatrixView.rowMajor(buffer, 1, rows, columns, lead(rows, columns));
        }

        int at(int matrix, int row, int column, int rows, int columns) {
            int lead = lead(rows, columns);
            return 1 + matrix * stride(rows, columns) + (isTransposed ? column * lead + row : row * lead + column);
        }
    }

    private record Case(int m, int k, int n, int count, Layout a, Layout b, Layout c) {}

    private static final Layout DENSE = new Layout(false, 0, 0);

    @ParameterizedTest
    @EnumSource
    void everySizeGivesTheNaiveProduct(FloatingType type) throws ReflectiveOperationException {
        for (SmallProducts products : implementations()) {
            for (int m : SIZES) {
                for (int k : SIZES) {
                    for (int n : SIZES) {
                        check(products, type, new Case(m, k, n, 1, DENSE, DENSE, DENSE));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLayoutGivesTheNaiveProduct(FloatingType type) throws ReflectiveOperationException {
        Layout[] layouts = {
            DENSE, new Layout(true, 0, 0), new Layout(false, 3, 0), new Layout(true, 1, 5), new Layout(false, 0, 2)
        };
        int[][] sizes = {{4, 4, 4}, {3, 5, 2}, {16, 16, 16}, {17, 9, 6}, {1, 64, 1}};
        for (SmallProducts products : implementations()) {
            for (int[] size : sizes) {
                for (Layout a : layouts) {
                    for (Layout b : layouts) {
                        for (Layout c : layouts) {
                            // 67 matrices of 4 x 4 are more than are staged at once.
                            int count = size[1] == 4 ? 67 : 3;
                            check(products, type, new Case(size[0], size[1], size[2], count, a, b, c));
                        }
                    }
                }
            }
        }
    }

    private static void check(SmallProducts products, FloatingType type, Case test) {
        Random random = new Random(test.hashCode());
        int m = test.m;
        int k = test.k;
        int n = test.n;
        ByteBuffer a = type.allocate(random, 1 + test.count * test.a.stride(m, k));
        ByteBuffer b = type.allocate(random, 1 + test.count * test.b.stride(k, n));
        ByteBuffer c = type.allocate(random, 1 + test.count * test.c.stride(m, n));
        for (int i = 0; i < c.capacity() / type.dtype.widthInBytes(); i++) {
            type.put(c, i, MARK);
        }
        ShiftedProduct product = MatrixProduct.plain()
                .withSmall(products)
                .prepare(
                        type.dtype,
                        Scaling.OVERWRITE,
                        test.a.view(a, m, k),
                        test.b.view(b, k, n),
                        test.c.view(c, m, n));
        for (long i = 0; i < test.count; i++) {
            product.multiply(i * test.a.stride(m, k), i * test.b.stride(k, n), i * test.c.stride(m, n));
        }
        product.finish();
        for (int i = 0; i < test.count; i++) {
            compare(type, test, i, new ByteBuffer[] {a, b, c});
        }
        requireGapsUntouched(type, test, c);
    }

    private static void compare(FloatingType type, Case test, int matrix, ByteBuffer[] abc) {
        for (int row = 0; row < test.m; row++) {
            for (int column = 0; column < test.n; column++) {
                double sum = 0;
                double size = 0;
                for (int p = 0; p < test.k; p++) {
                    double term = type.get(abc[0], test.a.at(matrix, row, p, test.m, test.k))
                            * type.get(abc[1], test.b.at(matrix, p, column, test.k, test.n));
                    sum += term;
                    size += Math.abs(term);
                }
                double value = type.get(abc[2], test.c.at(matrix, row, column, test.m, test.n));
                // Twice, because in float64 the sum here is as inexact as the product's.
                double bound = 2 * (test.k + 2) * type.unit * size;
                if (!(Math.abs(value - sum) <= bound)) {
                    throw new AssertionError("%s: matrix %d, row %d, column %d: %s, not %s"
                            .formatted(test, matrix, row, column, value, sum));
                }
            }
        }
    }

    private static void requireGapsUntouched(FloatingType type, Case test, ByteBuffer c) {
        int written = 0;
        int count = c.capacity() / type.dtype.widthInBytes();
        for (int i = 0; i < count; i++) {
            written += type.get(c, i) == MARK ? 0 : 1;
        }
        assertThat(written).as("elements stored for %s", test).isEqualTo(test.count * test.m * test.n);
    }

    @Test
    void aNanStaysInItsRowAndItsMatrix() throws ReflectiveOperationException {
        for (SmallProducts products : implementations()) {
            SmallProducts.Shape shape = new SmallProducts.Shape(5, 3, 6);
            float[] a = new float[2 * shape.elementsOfA() + SmallProducts.SLACK];
            float[] b = new float[2 * shape.elementsOfB() + SmallProducts.SLACK];
            float[] c = new float[2 * shape.elementsOfC() + SmallProducts.SLACK];
            a[shape.elementsOfA() + 4 * 3] = Float.NaN;
            products.multiply(shape, 2, a, b, c);
            for (int i = 0; i < 2 * shape.elementsOfC(); i++) {
                assertThat(Float.isNaN(c[i])).as("element %d", i).isEqualTo(i / 6 == 9);
            }
        }
    }

    @Test
    void rejectsSizesThatAreNotSmall() {
        assertThatThrownBy(() -> new SmallProducts.Shape(4, 65, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot multiply small matrices with inner = 65: it must be within 1..64");
        assertThatThrownBy(() -> new SmallProducts.Shape(0, 4, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
