package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds pow to the special cases of C99's annex F.9.4.4, and float32 pow to its bound. */
class PowerTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    /** Base, power, result. */
    private static final List<double[]> CASES = List.of(
            // A zero to an odd negative integer is an infinity of its sign, to another negative number +infinity.
            of(0.0, -1, INFINITY),
            of(-0.0, -1, -INFINITY),
            of(-0.0, -3, -INFINITY),
            of(0.0, -3, INFINITY),
            of(0.0, -2, INFINITY),
            of(-0.0, -2, INFINITY),
            of(-0.0, -0.5, INFINITY),
            of(0.0, -0.5, INFINITY),
            of(0.0, -INFINITY, INFINITY),
            of(-0.0, -INFINITY, INFINITY),
            // A zero to an odd positive integer keeps its sign, to another positive number is +0.
            of(0.0, 3, 0.0),
            of(-0.0, 3, -0.0),
            of(-0.0, 1, -0.0),
            of(-0.0, 2, 0.0),
            of(-0.0, 0.5, 0.0),
            of(-0.0, INFINITY, 0.0),
            of(0.0, INFINITY, 0.0),
            // One in size to an infinity; 1 to anything; anything to a zero.
            of(-1, INFINITY, 1),
            of(-1, -INFINITY, 1),
            of(1, INFINITY, 1),
            of(1, NAN, 1),
            of(1, -0.3, 1),
            of(NAN, 0.0, 1),
            of(NAN, -0.0, 1),
            of(INFINITY, 0.0, 1),
            of(-INFINITY, -0.0, 1),
            of(0.0, 0.0, 1),
            of(-3, 0.0, 1),
            of(-0.0, -0.0, 1),
            // A negative base to no integer.
            of(-2, 0.5, NAN),
            of(-1, 0.1, NAN),
            of(-0.5, -1.5, NAN),
            // A negative base to integers, odd, even, and so large that they are even.
            of(-2, 3, -8),
            of(-2, 2, 4),
            of(-2, -3, -0.125),
            of(-1, 0x1p24 - 1, -1),
            of(-1, 0x1p60, 1),
            of(-2, 1, -2),
            // To an infinity.
            of(0.5, -INFINITY, INFINITY),
            of(-0.5, -INFINITY, INFINITY),
            of(2, -INFINITY, 0.0),
            of(-2, -INFINITY, 0.0),
            of(0.5, INFINITY, 0.0),
            of(-0.5, INFINITY, 0.0),
            of(2, INFINITY, INFINITY),
            of(-2, INFINITY, INFINITY),
            of(INFINITY, INFINITY, INFINITY),
            of(-INFINITY, -INFINITY, 0.0),
            // An infinity.
            of(-INFINITY, -3, -0.0),
            of(-INFINITY, -2, 0.0),
            of(-INFINITY, -0.5, 0.0),
            of(-INFINITY, 3, -INFINITY),
            of(-INFINITY, 2, INFINITY),
            of(-INFINITY, 0.5, INFINITY),
            of(INFINITY, -1, 0.0),
            of(INFINITY, 2, INFINITY),
            // Not a number otherwise.
            of(NAN, 1, NAN),
            of(NAN, NAN, NAN),
            of(2, NAN, NAN),
            of(0.0, NAN, NAN),
            of(INFINITY, NAN, NAN),
            of(-1, NAN, NAN),
            of(NAN, INFINITY, NAN),
            // Over and under the range.
            of(2, 1e30, INFINITY),
            of(2, -1e30, 0.0),
            of(0.5, 1e30, 0.0),
            of(-2, 0x1p23 + 1, -INFINITY),
            of(-2, -0x1p23 - 1, -0.0),
            of(1 + 0x1p-23, 1e30, INFINITY),
            of(1 + 0x1p-23, -1e30, 0.0));

    private static double[] of(double x, double y, double expected) {
        return new double[] {x, y, expected};
    }

    /** In the middle of a block, and at the end of a run, where a twin has no whole vector. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void doublesFollowTheStandard(int padding) {
        assertDoublesFollowTheStandard(PlainDoublePrimitives.INSTANCE, padding);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void doublesOfTheTwinFollowTheStandard(int padding) throws ReflectiveOperationException {
        assertDoublesFollowTheStandard(VectorTwins.doubles(), padding);
    }

    private static void assertDoublesFollowTheStandard(DoublePrimitives primitives, int padding) {
        for (double[] c : CASES) {
            double[] x = filled(32 + padding, c[0]);
            double[] y = filled(32 + padding, c[1]);
            double[] out = new double[x.length];
            primitives.pow(x, 0, y, 0, out, 0, x.length);
            for (double value : out) {
                assertThat(Double.compare(value, c[2]))
                        .as("pow(%s, %s) = %s, not %s", c[0], c[1], value, c[2])
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void floatsFollowTheStandard(int padding) {
        assertFloatsFollowTheStandard(PlainFloatPrimitives.INSTANCE, padding);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void floatsOfTheTwinFollowTheStandard(int padding) throws ReflectiveOperationException {
        assertFloatsFollowTheStandard(VectorTwins.floats(), padding);
    }

    private static void assertFloatsFollowTheStandard(FloatPrimitives primitives, int padding) {
        for (double[] c : CASES) {
            float[] x = narrowed(filled(32 + padding, c[0]));
            float[] y = narrowed(filled(32 + padding, c[1]));
            float[] out = new float[x.length];
            primitives.pow(x, 0, y, 0, out, 0, x.length);
            for (float value : out) {
                assertThat(Float.compare(value, (float) c[2]))
                        .as("pow(%s, %s) = %s, not %s", c[0], c[1], value, c[2])
                        .isZero();
            }
        }
    }

    private static double[] filled(int n, double value) {
        double[] x = new double[n];
        Arrays.fill(x, value);
        return x;
    }

    private static float[] narrowed(double[] x) {
        float[] narrow = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            narrow[i] = (float) x[i];
        }
        return narrow;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void floatsStayWithinTheirBound(int seed) {
        Random random = new Random(seed);
        float[] x = new float[200_000];
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = switch (i % 4) {
                case 0 -> Float.intBitsToFloat(random.nextInt());
                case 1 -> 1 + Math.scalb(random.nextFloat() - 0.5f, -random.nextInt(23));
                case 2 -> random.nextFloat() * 4;
                default -> random.nextInt(40) - 20;
            };
            double log = Math.log(Math.abs(x[i])) / Math.log(2);
            boolean isFree = i % 4 == 3 || random.nextInt(8) == 0;
            y[i] = isFree ? random.nextInt(60) - 30 : (float) ((random.nextDouble() * 300 - 160) / log);
        }
        float[] out = new float[x.length];
        PlainFloatPrimitives.INSTANCE.pow(x, 0, y, 0, out, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double error = FloatAccuracyTest.ulps(out[i], RealFunctions.pow(x[i], y[i]));
            assertThat(error).as("error of pow(%s, %s) in ulp", x[i], y[i]).isLessThanOrEqualTo(4);
        }
    }
}
