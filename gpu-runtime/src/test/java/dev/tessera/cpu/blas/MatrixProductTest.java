package dev.tessera.cpu.blas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products of vectors and symmetric products, however their operands lie. */
class MatrixProductTest {
    private static final MatrixProduct ON_OPENBLAS = MatrixProduct.on(OpenBlas.load());
    /** Elements before each matrix and after each of its stored rows. */
    private static final int GAP = 3;

    private final SplittableRandom random = new SplittableRandom(5);

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64"})
    void productsOfOneRowOrOneColumnAreWhatLoopsGiveHoweverTheirOperandsLie(DType dtype) {
        for (int[] size :
                new int[][] {{1, 1, 1}, {1, 33, 6}, {5, 33, 1}, {1, 7, 1}, {1, 1, 6}, {70, 130, 1}, {1, 130, 70}}) {
            for (int layout = 0; layout < 64; layout++) {
                MatrixView a = matrix(dtype, size[0], size[1], (layout & 1) != 0, (layout & 8) != 0);
                MatrixView b = matrix(dtype, size[1], size[2], (layout & 2) != 0, (layout & 16) != 0);
                MatrixView c = matrix(dtype, size[0], size[2], (layout & 4) != 0, (layout & 32) != 0);
                check(dtype, Scaling.OVERWRITE, a, b, c);
                check(dtype, Scaling.ACCUMULATE, a, b, c);
                check(dtype, new Scaling(-2, 0.5), a, b, c);
            }
        }
    }

    private void check(DType dtype, Scaling scaling, MatrixView a, MatrixView b, MatrixView c) {
        double[] before = new double[c.rows() * c.columns()];
        for (int i = 0; i < before.length; i++) {
            // What is overwritten is not read, be it NaN.
            double value = scaling.beta() == 0 ? Double.NaN : random.nextInt(-4, 5);
            set(dtype, c, i / c.columns(), i % c.columns(), value);
            before[i] = scaling.beta() == 0 ? 0 : scaling.beta() * value;
        }
        multiply(dtype, scaling, a, b, c);
        for (int i = 0; i < before.length; i++) {
            int row = i / c.columns();
            int column = i % c.columns();
            // Whole numbers this small have exact products and sums, halves among them.
            double expected = before[i] + scaling.alpha() * dot(dtype, a, row, b, column);
            assertThat(element(dtype, c, row, column))
                    .as("%s x %s = %s, %s at %d, %d", a, b, c, scaling, row, column)
                    .isEqualTo(expected);
        }
    }

    /** By the library, small as the product may be. */
    private static void multiply(DType dtype, Scaling scaling, MatrixView a, MatrixView b, MatrixView c) {
        ShiftedProduct product = c.isTransposed()
                ? Gemv.of(dtype, scaling, b.transpose(), a.transpose(), c.transpose())
                        .swapped()
                : Gemv.of(dtype, scaling, a, b, c);
        product.multiply(0, 0, 0);
    }

    private static double dot(DType dtype, MatrixView a, int row, MatrixView b, int column) {
        double sum = 0;
        for (int p = 0; p < a.columns(); p++) {
            sum += element(dtype, a, row, p) * element(dtype, b, p, column);
        }
        return sum;
    }

    @Test
    void nanAndInfinityReachTheElementsTheyBelongTo() {
        MatrixView a = matrix(DType.FLOAT32, 40, 30, false, false);
        MatrixView b = matrix(DType.FLOAT32, 30, 1, false, false);
        MatrixView c = matrix(DType.FLOAT32, 40, 1, false, false);
        for (int p = 0; p < 30; p++) {
            set(DType.FLOAT32, b, p, 0, 0);
        }
        set(DType.FLOAT32, a, 7, 11, Double.NaN);
        set(DType.FLOAT32, a, 9, 12, Double.POSITIVE_INFINITY);
        multiply(DType.FLOAT32, Scaling.OVERWRITE, a, b, c);
        for (int row = 0; row < 40; row++) {
            // Infinity times 0 is NaN.
            assertThat(Double.isNaN(element(DType.FLOAT32, c, row, 0)))
                    .as("row %d", row)
                    .isEqualTo(row == 7 || row == 9);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64"})
    void symmetricProductsFillBothTrianglesHoweverTheirOperandsLie(DType dtype) {
        for (int[] size : new int[][] {{1, 1}, {5, 3}, {32, 2}, {33, 40}, {97, 9}}) {
            for (int layout = 0; layout < 16; layout++) {
                MatrixView a = matrix(dtype, size[0], size[1], (layout & 1) != 0, (layout & 2) != 0);
                MatrixView c = matrix(dtype, size[0], size[0], (layout & 4) != 0, (layout & 8) != 0);
                for (int i = 0; i < size[0] * size[0]; i++) {
                    set(dtype, c, i / size[0], i % size[0], Double.NaN);
                }
                new Syrk(dtype, a, c).multiply(0, 0, 0);
                MatrixView transposed = a.transpose();
                for (int i = 0; i < size[0] * size[0]; i++) {
                    int row = i / size[0];
                    int column = i % size[0];
                    assertThat(element(dtype, c, row, column))
                            .as("%s squared is %s at %d, %d", a, c, row, column)
                            .isEqualTo(dot(dtype, a, row, transposed, column));
                }
            }
        }
    }

    @Test
    void shiftedSymmetricProductsLieWhereTheyAreAskedFor() {
        int size = 128;
        List<MatrixView> squares = new ArrayList<>();
        ByteBuffer from = ByteBuffer.allocateDirect(2 * size * size * 4).order(ByteOrder.nativeOrder());
        ByteBuffer to = ByteBuffer.allocateDirect(2 * size * size * 4).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 2 * size * size; i++) {
            from.putFloat(4 * i, random.nextInt(-4, 5));
        }
        ShiftedProduct product = ON_OPENBLAS.prepareSymmetric(
                DType.FLOAT32, MatrixView.dense(from, 0, size, size), MatrixView.dense(to, 0, size, size));
        for (int i = 0; i < 2; i++) {
            product.multiply((long) i * size * size, (long) i * size * size, (long) i * size * size);
            squares.add(MatrixView.dense(to, (long) i * size * size, size, size));
        }
        product.finish();
        for (int i = 0; i < 2; i++) {
            MatrixView a = MatrixView.dense(from, (long) i * size * size, size, size);
            double expected = dot(DType.FLOAT32, a, 127, a.transpose(), 2);
            assertThat(element(DType.FLOAT32, squares.get(i), 127, 2)).isEqualTo(expected);
            assertThat(element(DType.FLOAT32, squares.get(i), 2, 127)).isEqualTo(expected);
        }
    }

    /** A matrix of small whole numbers outside the heap. */
    private MatrixView matrix(DType dtype, int rows, int columns, boolean isTransposed, boolean hasGaps) {
        int height = isTransposed ? columns : rows;
        int width = isTransposed ? rows : columns;
        int lead = width + (hasGaps ? GAP : 0);
        int bytes = (GAP + height * lead) * dtype.widthInBytes();
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        MatrixView stored = MatrixView.rowMajor(buffer, GAP, height, width, lead);
        MatrixView view = isTransposed ? stored.transpose() : stored;
        for (int i = 0; i < rows * columns; i++) {
            set(dtype, view, i / columns, i % columns, random.nextInt(-4, 5));
        }
        return view;
    }

    private static int index(MatrixView view, int row, int column) {
        int stored = view.isTransposed() ? column : row;
        int along = view.isTransposed() ? row : column;
        return (int) view.offset() + stored * view.leadingDimension() + along;
    }

    private static double element(DType dtype, MatrixView view, int row, int column) {
        int at = index(view, row, column) * dtype.widthInBytes();
        return dtype == DType.FLOAT32
                ? view.buffer().getFloat(at)
                : view.buffer().getDouble(at);
    }

    private static void set(DType dtype, MatrixView view, int row, int column, double value) {
        int at = index(view, row, column) * dtype.widthInBytes();
        if (dtype == DType.FLOAT32) {
            view.buffer().putFloat(at, (float) value);
        } else {
            view.buffer().putDouble(at, value);
        }
    }
}
