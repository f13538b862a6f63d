package dev.tessera.cpu.blas;

import dev.tessera.cpu.math.PlainSmallProducts;
import dev.tessera.cpu.math.Primitives;
import dev.tessera.cpu.math.SmallProducts;
import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints products per second of square matrices in 4 MB of native memory, a new pair for each: OpenBLAS called for each,
 * plain Java and, where the module is there, the Vector API; interleaved in one JVM on one thread, the median of 7.
 */
final class SmallProductBenchmark {
    private static final int[] SIZES = {4, 8, 16, 32, 64, 12, 28};
    private static final int BYTES = 4 << 20;
    private static final int REPETITIONS = 7;

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
                    "dtype     size  OpenBLAS/row  plain      twin   (thousand products/s; ratios to OpenBLAS)");
            for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
                for (int size : SIZES) {
                    print(dtype, size, openBlas, primitives.current().products());
                }
            }
        }
    }

    private static void print(DType dtype, int size, OpenBlas openBlas, SmallProducts twin) {
        MatrixView[] views = new MatrixView[3];
        for (int i = 0; i < 3; i++) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
            views[i] = MatrixView.dense(bytes, 0, size, size);
        }
        List<ShiftedProduct> subjects = List.of(
                openBlas.product(dtype, Scaling.OVERWRITE, views[0], views[1], views[2]),
                new SmallProduct(PlainSmallProducts.INSTANCE, dtype, views[0], views[1], views[2]),
                new SmallProduct(twin, dtype, views[0], views[1], views[2]));
        int count = BYTES / dtype.widthInBytes() / (size * size);
        List<double[]> rates = new ArrayList<>();
        for (ShiftedProduct subject : subjects) {
            rate(subject, count, size * size);
            rates.add(new double[REPETITIONS]);
        }
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            for (int i = 0; i < subjects.size(); i++) {
                rates.get(i)[repetition] = rate(subjects.get(i), count, size * size);
            }
        }
        StringBuilder line = new StringBuilder("%-9s %4d".formatted(dtype, size));
        rates.forEach(Arrays::sort);
        double library = rates.get(0)[REPETITIONS / 2];
        for (double[] rate : rates) {
            double median = rate[REPETITIONS / 2];
            line.append(String.format(Locale.ROOT, " %9.0f (%.2f)", median / 1000, median / library));
        }
        System.out.println(line);
    }

    private static double rate(ShiftedProduct product, int count, long distance) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            product.multiply(i * distance, i * distance, i * distance);
        }
        product.finish();
        return count * 1e9 / (System.nanoTime() - start);
    }
}
