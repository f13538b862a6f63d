package dev.tessera.cpu.blas;

import com.sun.management.ThreadMXBean;
import dev.tessera.cpu.math.PlainSmallProducts;
import dev.tessera.cpu.math.Primitives;
import dev.tessera.cpu.math.SmallProducts;
import dev.tessera.tensor.DType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints products per second of square matrices, with each other or with a vector, in 4 MB of native memory, a new pair
 * for each: OpenBLAS called for each, plain Java and, where the module is there, the Vector API. All give the same, which
 * is checked first; then they take turns in one thread, and the median of its CPU time counts.
 */
final class SmallProductBenchmark {
    private static final int[] SIZES = {4, 8, 16, 32, 64, 5, 12, 24, 48};
    private static final int BYTES = 4 << 20;
    private static final int REPETITIONS = 15;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private SmallProductBenchmark() {}

    public static void main(String[] args) throws InterruptedException {
        OpenBlas openBlas = OpenBlas.load();
        openBlas.prime(1);
        try (Primitives primitives = Primitives.start()) {
            while (primitives.describe().contains("warming up")) {
                Thread.sleep(20);
            }
            System.out.println("twin: " + primitives.describe());
            System.out.println(
                    "dtype      shape      OpenBLAS/row  plain      twin   (thousand products/s; ratios to OpenBLAS)");
            for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
                for (int size : SIZES) {
                    print(dtype, new SmallProducts.Shape(size, size, size), openBlas, primitives);
                }
                for (int size : SIZES) {
                    print(dtype, new SmallProducts.Shape(size, size, 1), openBlas, primitives);
                }
            }
        }
    }

    private static void print(DType dtype, SmallProducts.Shape shape, OpenBlas openBlas, Primitives primitives) {
        MatrixView a = random(dtype, shape.rows(), shape.inner());
        MatrixView b = random(dtype, shape.inner(), shape.columns());
        List<MatrixView> results = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            results.add(random(dtype, shape.rows(), shape.columns()));
        }
        List<ShiftedProduct> subjects = List.of(
                shape.columns() == 1
                        ? Gemv.of(dtype, Scaling.OVERWRITE, a, b, results.get(0))
                        : openBlas.product(dtype, Scaling.OVERWRITE, a, b, results.get(0)),
                new SmallProduct(PlainSmallProducts.INSTANCE, dtype, a, b, results.get(1)),
                new SmallProduct(primitives.current().products(), dtype, a, b, results.get(2)));
        int count = BYTES / dtype.widthInBytes() / shape.elementsOfA();
        subjects.forEach(subject -> seconds(subject, shape, count));
        requireEqual(dtype, results, count * shape.elementsOfC());
        double[][] rates = new double[subjects.size()][REPETITIONS];
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            for (int i = 0; i < subjects.size(); i++) {
                rates[i][repetition] = count / seconds(subjects.get(i), shape, count);
            }
        }
        StringBuilder line = new StringBuilder(
                "%-9s %2d x %2d x %2d".formatted(dtype, shape.rows(), shape.inner(), shape.columns()));
        for (double[] rate : rates) {
            Arrays.sort(rate);
            double median = rate[REPETITIONS / 2];
            line.append(String.format(Locale.ROOT, " %9.0f (%.2f)", median / 1000, median / rates[0][REPETITIONS / 2]));
        }
        System.out.println(line);
    }

    /** The first of as many matrices of small whole numbers, whose products are exact, as the memory holds. */
    private static MatrixView random(DType dtype, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(rows + columns);
        ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
        for (int at = 0; at < BYTES; at += dtype.widthInBytes()) {
            if (dtype == DType.FLOAT32) {
                bytes.putFloat(at, random.nextInt(-4, 5));
            } else {
                bytes.putDouble(at, random.nextInt(-4, 5));
            }
        }
        return MatrixView.dense(bytes, 0, rows, columns);
    }

    private static void requireEqual(DType dtype, List<MatrixView> results, int elements) {
        int bytes = elements * dtype.widthInBytes();
        ByteBuffer expected = results.get(0).buffer().slice(0, bytes);
        for (MatrixView result : results) {
            if (!result.buffer().slice(0, bytes).equals(expected)) {
                throw new IllegalStateException("The products differ: " + result);
            }
        }
    }

    private static double seconds(ShiftedProduct product, SmallProducts.Shape shape, int count) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (long i = 0; i < count; i++) {
            product.multiply(i * shape.elementsOfA(), i * shape.elementsOfB(), i * shape.elementsOfC());
        }
        product.finish();
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    }
}
