package dev.tessera.cpu.math;

import dev.tessera.cpu.math.FloatAccuracyTest.Function;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints nanoseconds per element of the functions over blocks of 256 in cache: {@link Math} in a loop (a scalar series
 * for what it lacks), plain primitives and, where the module is there, their Vector API twins; in time of the processor, interleaved in one JVM,
 * the median of 9 repetitions.
 */
final class PrimitivesBenchmark {
    private static final int BLOCK = 256;
    private static final int CALLS = 4_000;
    private static final int REPETITIONS = 9;

    private PrimitivesBenchmark() {}

    public static void main(String[] args) throws InterruptedException {
        try (Primitives primitives = Primitives.start()) {
            while (primitives.describe().contains("warming up")) {
                Thread.sleep(20);
            }
            System.out.println("twin: " + primitives.describe());
            System.out.println("function           Math   plain   twin   (ns per element)");
            float[] x = new float[BLOCK];
            double[] d = new double[BLOCK];
            for (int i = 0; i < BLOCK; i++) {
                x[i] = (i + 0.5f) / 32;
                d[i] = x[i];
            }
            floats(primitives.floats(), x, new float[BLOCK]);
            doubles(primitives.doubles(), d, new double[BLOCK]);
        }
    }

    private static void floats(FloatPrimitives twin, float[] x, float[] out) {
        FloatPrimitives plain = PlainFloatPrimitives.INSTANCE;
        for (Function f : Function.values()) {
            print(
                    "float32 " + f,
                    List.of(() -> f.applyReference(x, out), () -> f.apply(plain, x, out), () -> f.apply(twin, x, out)));
        }
        Runnable library = () -> {
            for (int i = 0; i < BLOCK; i++) {
                out[i] = (float) Math.pow(x[i], x[BLOCK - 1 - i]);
            }
        };
        float[] y = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            y[i] = x[BLOCK - 1 - i];
        }
        print(
                "float32 POW",
                List.of(
                        library,
                        () -> plain.pow(x, 0, y, 0, out, 0, BLOCK),
                        () -> twin.pow(x, 0, y, 0, out, 0, BLOCK)));
        print(
                "float32 sum",
                List.of(
                        () -> out[0] = (float) plain.sum(x, 0, BLOCK),
                        () -> out[0] = (float) plain.sum(x, 0, BLOCK),
                        () -> out[0] = (float) twin.sum(x, 0, BLOCK)));
    }

    private static void doubles(DoublePrimitives twin, double[] x, double[] out) {
        DoublePrimitives plain = PlainDoublePrimitives.INSTANCE;
        for (DoubleFunction f : DoubleFunction.values()) {
            Runnable library = () -> {
                for (int i = 0; i < BLOCK; i++) {
                    out[i] = f.library.applyAsDouble(x[i]);
                }
            };
            print("float64 " + f, List.of(library, () -> f.apply(plain, x, out), () -> f.apply(twin, x, out)));
        }
        Runnable library = () -> {
            for (int i = 0; i < BLOCK; i++) {
                out[i] = Math.pow(x[i], x[BLOCK - 1 - i]);
            }
        };
        double[] y = new double[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            y[i] = x[BLOCK - 1 - i];
        }
        print(
                "float64 POW",
                List.of(
                        library,
                        () -> plain.pow(x, 0, y, 0, out, 0, BLOCK),
                        () -> twin.pow(x, 0, y, 0, out, 0, BLOCK)));
        print(
                "float64 sum",
                List.of(
                        () -> out[0] = plain.sum(x, 0, BLOCK),
                        () -> out[0] = plain.sum(x, 0, BLOCK),
                        () -> out[0] = twin.sum(x, 0, BLOCK)));
    }

    private static void print(String name, List<Runnable> subjects) {
        List<double[]> times = new ArrayList<>();
        for (Runnable subject : subjects) {
            time(subject);
            time(subject);
            times.add(new double[REPETITIONS]);
        }
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            for (int i = 0; i < subjects.size(); i++) {
                times.get(i)[repetition] = time(subjects.get(i));
            }
        }
        StringBuilder line = new StringBuilder("%-16s".formatted(name));
        for (double[] time : times) {
            Arrays.sort(time);
            line.append(String.format(Locale.ROOT, "%7.2f", time[REPETITIONS / 2]));
        }
        System.out.println(line);
    }

    private static double time(Runnable subject) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int call = 0; call < CALLS; call++) {
            subject.run();
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / ((double) CALLS * BLOCK);
    }
}
