package dev.tessera.cpu.math;

import dev.tessera.cpu.math.FloatAccuracyTest.Function;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints nanoseconds per element of the float32 functions over blocks of 256 in cache: {@link Math} in a loop, plain
 * primitives and, where the module is there, their Vector API twins; interleaved in one JVM, the median of 9 repetitions.
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
            System.out.println("function   Math   plain   twin   (ns per element)");
            List<Subject> subjects = List.of(
                    Function::applyReference,
                    (f, x, out) -> f.apply(PlainFloatPrimitives.INSTANCE, x, out),
                    (f, x, out) -> f.apply(primitives.floats(), x, out));
            for (Function function : Function.values()) {
                print(function, subjects);
            }
        }
    }

    private interface Subject {
        void run(Function function, float[] x, float[] out);
    }

    private static void print(Function function, List<Subject> subjects) {
        float[] x = new float[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            x[i] = (i + 0.5f) / 32;
        }
        List<double[]> times = new ArrayList<>();
        for (Subject subject : subjects) {
            time(subject, function, x);
            time(subject, function, x);
            times.add(new double[REPETITIONS]);
        }
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            for (int i = 0; i < subjects.size(); i++) {
                times.get(i)[repetition] = time(subjects.get(i), function, x);
            }
        }
        StringBuilder line = new StringBuilder("%-9s".formatted(function));
        for (double[] time : times) {
            Arrays.sort(time);
            line.append(String.format(Locale.ROOT, "%7.2f", time[REPETITIONS / 2]));
        }
        System.out.println(line);
    }

    private static double time(Subject subject, Function function, float[] x) {
        float[] out = new float[BLOCK];
        long start = System.nanoTime();
        for (int call = 0; call < CALLS; call++) {
            subject.run(function, x, out);
        }
        return (System.nanoTime() - start) / ((double) CALLS * BLOCK);
    }
}
