package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cpu.math.FloatAccuracyTest.Function;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the Vector API twins to the plain primitives, and the switch between them to its promises. */
class PrimitivesTest {
    private static final int STRIDE = 104729;

    @ParameterizedTest
    @EnumSource
    void theTwinGivesTheSameBits(Function function) throws ReflectiveOperationException {
        FloatPrimitives twin = VectorTwins.floats();
        float[] x = new float[(int) ((1L << 32) / STRIDE) + 9];
        for (int i = 0; i < x.length - 8; i++) {
            x[i] = Float.intBitsToFloat(i * STRIDE);
        }
        float[] edges = {
            0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE, -1f
        };
        System.arraycopy(edges, 0, x, x.length - 8, 8);
        float[] plain = new float[x.length];
        float[] vector = new float[x.length];
        function.apply(PlainFloatPrimitives.INSTANCE, x, plain);
        function.apply(twin, x, vector);
        for (int i = 0; i < x.length; i++) {
            // Compares as numbers, with one NaN and two zeros.
            assertThat(Float.compare(vector[i], plain[i]))
                    .as("%s(%s): %s, %s", function, x[i], vector[i], plain[i])
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTwinGivesTheSameBitsInFloat64(DoubleFunction function) throws ReflectiveOperationException {
        DoublePrimitives twin = VectorTwins.doubles();
        double[] x = doublesOfAllSizes();
        double[] plain = function.of(PlainDoublePrimitives.INSTANCE, x);
        double[] vector = function.of(twin, x);
        for (int i = 0; i < x.length; i++) {
            assertThat(Double.compare(vector[i], plain[i]))
                    .as("%s(%s): %s, %s", function, x[i], vector[i], plain[i])
                    .isZero();
        }
    }

    /** A third of all bit patterns, a third of ordinary numbers, and edges between ordinary numbers. */
    private static double[] doublesOfAllSizes() {
        double[] x = new double[40_001];
        double[] edges = {
            0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -1, 1, 0x1p-60
        };
        long bits = 1;
        for (int i = 0; i < x.length; i++) {
            bits += 0x9e3779b97f4a7c15L;
            double ordinary = Math.sin(i) * Math.scalb(1.0, i % 12 - 3);
            boolean isEdge = i / 1000 % 3 == 2 && i % 16 == 5;
            x[i] = i / 1000 % 3 == 0 ? Double.longBitsToDouble(bits) : isEdge ? edges[i / 16 % 9] : ordinary;
        }
        return x;
    }

    @Test
    void powersOfTheTwinHaveTheSameBits() throws ReflectiveOperationException {
        double[] x = doublesOfAllSizes();
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 5000 < 2500 ? Math.abs(x[i]) : x[i];
            y[i] = i % 7 == 0 ? i % 50 - 25 : x[x.length - 1 - i];
        }
        double[] plain = new double[x.length];
        double[] vector = new double[x.length];
        PlainDoublePrimitives.INSTANCE.pow(x, 0, y, 0, plain, 0, x.length);
        VectorTwins.doubles().pow(x, 0, y, 0, vector, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            assertThat(Double.compare(vector[i], plain[i]))
                    .as("pow(%s, %s): %s, %s", x[i], y[i], vector[i], plain[i])
                    .isZero();
        }
    }

    @Test
    void float32PowersOfTheTwinHaveTheSameBits() throws ReflectiveOperationException {
        float[] x = new float[60_001];
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            float any = Float.intBitsToFloat(i * 1_640_531_527);
            x[i] = i % 4000 < 1000 ? any : (float) Math.abs(Math.sin(i)) * (i % 9 + 1);
            y[i] = i % 7 == 0 ? i % 50 - 25 : (float) Math.tan(i) * 3;
        }
        float[] plain = new float[x.length];
        float[] vector = new float[x.length];
        PlainFloatPrimitives.INSTANCE.pow(x, 0, y, 0, plain, 0, x.length);
        VectorTwins.floats().pow(x, 0, y, 0, vector, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            assertThat(Float.compare(vector[i], plain[i]))
                    .as("pow(%s, %s): %s, %s", x[i], y[i], vector[i], plain[i])
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 31, 32, 33, 255, 256, 257, 4097})
    void float64ReductionsOfTheTwinAreWithinTheBound(int n) throws ReflectiveOperationException {
        DoublePrimitives twin = VectorTwins.doubles();
        DoublePrimitives plain = PlainDoublePrimitives.INSTANCE;
        double[] x = new double[n + 3];
        double size = 0;
        for (int i = 0; i < n; i++) {
            x[3 + i] = Math.sin(i * 7.0 + 1);
            size += Math.abs(x[3 + i]);
        }
        double bound = 2 * (24 + n / 256) * 0x1p-53 * size;
        assertThat(Math.abs(twin.sum(x, 3, n) - plain.sum(x, 3, n))).isLessThanOrEqualTo(bound);
        assertThat(Math.abs(twin.dot(x, 3, x, 3, n) - plain.dot(x, 3, x, 3, n))).isLessThanOrEqualTo(bound);
        assertThat(twin.max(x, 3, n)).isEqualTo(plain.max(x, 3, n));
        assertThat(twin.min(x, 3, n)).isEqualTo(plain.min(x, 3, n));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 31, 32, 33, 255, 256, 257, 4097})
    void reductionsOfTheTwinAreWithinTheBound(int n) throws ReflectiveOperationException {
        FloatPrimitives twin = VectorTwins.floats();
        float[] x = new float[n + 3];
        double sum = 0;
        double size = 0;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            x[3 + i] = (float) Math.sin(i * 7.0 + 1);
            sum += x[3 + i];
            size += Math.abs(x[3 + i]);
            squares += (double) x[3 + i] * x[3 + i];
        }
        assertThat(Math.abs(twin.sum(x, 3, n) - sum)).isLessThanOrEqualTo(24 * 0x1p-24 * size);
        assertThat(Math.abs(twin.dot(x, 3, x, 3, n) - squares)).isLessThanOrEqualTo(24 * 0x1p-24 * squares);
        assertThat(twin.max(x, 3, n)).isEqualTo(PlainFloatPrimitives.INSTANCE.max(x, 3, n));
        assertThat(twin.min(x, 3, n)).isEqualTo(PlainFloatPrimitives.INSTANCE.min(x, 3, n));
    }

    @Test
    void aNanAnywhereIsTheMaximumOfTheTwin() throws ReflectiveOperationException {
        FloatPrimitives twin = VectorTwins.floats();
        for (int at : new int[] {0, 5, 16, 18}) {
            float[] x = new float[19];
            Arrays.fill(x, 1);
            x[at] = Float.NaN;
            assertThat(twin.max(x, 0, 19)).isNaN();
            assertThat(twin.min(x, 0, 19)).isNaN();
        }
    }

    @Test
    void beginsWithPlainJavaAndSwitchesWhenTheTwinIsWarm() throws Exception {
        VectorTwins.floats();
        try (Primitives primitives = Primitives.start()) {
            Primitives.Choice first = primitives.current();
            assertThat(first.description()).startsWith("plain Java (").contains("warming up");
            while (primitives.describe().contains("warming up")) {
                Thread.sleep(20);
            }
            assertThat(primitives.describe()).matches("Vector API \\d+-bit");
            assertThat(first.floats()).isSameAs(PlainFloatPrimitives.INSTANCE);
        }
    }

    @Test
    void closingStopsTheWarming() throws Exception {
        VectorTwins.floats();
        Primitives primitives = Primitives.start();
        primitives.close();
        primitives.close();
        while (primitives.describe().contains("warming up")) {
            Thread.sleep(5);
        }
        assertThat(primitives.describe()).startsWith("plain Java (closed");
        assertThat(primitives.floats()).isSameAs(PlainFloatPrimitives.INSTANCE);
    }

    @Test
    void plainStaysPlain() {
        try (Primitives primitives = Primitives.plain()) {
            assertThat(primitives.describe()).isEqualTo("plain Java (by choice)");
            assertThat(primitives.doubles()).isSameAs(PlainDoublePrimitives.INSTANCE);
        }
    }
}
