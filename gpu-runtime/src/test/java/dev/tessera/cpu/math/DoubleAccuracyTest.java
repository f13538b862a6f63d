package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Measures the float64 functions against {@link DecimalSeries}; {@link #main} prints how far off each is. */
class DoubleAccuracyTest {
    private static final int POINTS = 1_500;

    /** The largest error of a function, in ulp of the exact value, and where it is. */
    record Worst(double ulps, String at) {
        Worst or(double otherUlps, String otherAt) {
            return otherUlps > ulps ? new Worst(otherUlps, otherAt) : this;
        }
    }

    /** Takes the number of points for each function, 20,000 unless told. */
    public static void main(String[] arguments) {
        int points = arguments.length == 0 ? 20_000 : Integer.parseInt(arguments[0]);
        System.out.println("float64    largest error in ulp, of " + points + " points");
        for (DoubleFunction function : DoubleFunction.values()) {
            print(function.toString(), worst(function, PlainDoublePrimitives.INSTANCE, points));
        }
        print("GELU < -8", worstGeluOfLargeNegatives(PlainDoublePrimitives.INSTANCE, points));
        print("POW", worstPower(PlainDoublePrimitives.INSTANCE, points));
    }

    private static void print(String function, Worst worst) {
        System.out.printf(Locale.ROOT, "%-9s %6.3f at %s%n", function, worst.ulps, worst.at);
    }

    @ParameterizedTest
    @EnumSource
    void staysWithinItsBound(DoubleFunction function) {
        Worst worst = worst(function, PlainDoublePrimitives.INSTANCE, POINTS);
        assertThat(worst.ulps)
                .as("largest error of %s in ulp, at %s", function, worst.at)
                .isLessThanOrEqualTo(function.bound);
    }

    /** There gelu is a product of many factors, of which each is rounded. */
    @Test
    void geluStaysWithinItsBoundWhereItIsNextToZero() {
        Worst worst = worstGeluOfLargeNegatives(PlainDoublePrimitives.INSTANCE, 4 * POINTS);
        assertThat(worst.ulps)
                .as("largest error of gelu in ulp, at %s", worst.at)
                .isLessThanOrEqualTo(DoubleFunction.GELU.bound);
    }

    @Test
    void powersStayWithinTheirBound() {
        Worst worst = worstPower(PlainDoublePrimitives.INSTANCE, POINTS);
        assertThat(worst.ulps)
                .as("largest error of pow in ulp, at %s", worst.at)
                .isLessThanOrEqualTo(4);
    }

    static Worst worst(DoubleFunction function, DoublePrimitives primitives, int points) {
        double[] x = points(function, points);
        return worst(function, primitives, x);
    }

    private static Worst worst(DoubleFunction function, DoublePrimitives primitives, double[] x) {
        double[] out = function.of(primitives, x);
        Worst worst = new Worst(0, "none");
        for (int i = 0; i < x.length; i++) {
            worst = worst.or(ulps(out[i], function.reference.apply(new BigDecimal(x[i]))), Double.toString(x[i]));
        }
        return worst;
    }

    private static Worst worstGeluOfLargeNegatives(DoublePrimitives primitives, int points) {
        double[] x = new Random(11).doubles(points, -38.5, -8).toArray();
        return worst(DoubleFunction.GELU, primitives, x);
    }

    /** A third each over the domain, of any size, and next to multiples of pi/2, ln 2 and 1. */
    private static double[] points(DoubleFunction function, int count) {
        Random random = new Random(function.ordinal());
        double[] x = new double[count];
        for (int i = 0; i < count; i++) {
            double value = switch (i % 3) {
                case 0 -> random.nextDouble() * 40 - 20;
                case 1 ->
                    Math.scalb(1 + random.nextDouble(), random.nextInt(2098) - 1074) * (random.nextBoolean() ? 1 : -1);
                default -> nextToMultiple(random);
            };
            boolean isInside = value > function.lowest && value < function.highest && value != 0;
            double width = Math.min(function.highest, 1e300) - function.lowest;
            x[i] = isInside ? value : function.lowest + width * Math.max(random.nextDouble(), 1e-9);
        }
        return x;
    }

    private static double nextToMultiple(Random random) {
        double unit = switch (random.nextInt(3)) {
            case 0 -> Math.PI / 2;
            case 1 -> Math.log(2) / 2;
            default -> 1;
        };
        double multiple = unit * (random.nextInt(random.nextBoolean() ? 1 << 20 : 40) - 20);
        return multiple + Math.ulp(multiple) * (random.nextInt(9) - 4) * (random.nextBoolean() ? 1 : 1 << 20);
    }

    static Worst worstPower(DoublePrimitives primitives, int points) {
        Random random = new Random(7);
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            x[i] = switch (i % 3) {
                case 0 -> Math.scalb(1 + random.nextDouble(), random.nextInt(2098) - 1074);
                case 1 -> 1 + Math.scalb(random.nextDouble() - 0.5, -random.nextInt(50));
                default -> random.nextDouble() * 4;
            };
            double log = Math.log(x[i]) / Math.log(2);
            double result = random.nextBoolean() ? random.nextDouble() * 2090 - 1070 : random.nextGaussian();
            y[i] = log == 0 ? 3 : result / log;
        }
        double[] out = new double[points];
        primitives.pow(x, 0, y, 0, out, 0, points);
        Worst worst = new Worst(0, "none");
        for (int i = 0; i < points; i++) {
            BigDecimal exact = DecimalSeries.pow(new BigDecimal(x[i]), new BigDecimal(y[i]));
            worst = worst.or(ulps(out[i], exact), x[i] + ", " + y[i]);
        }
        return worst;
    }

    private static double ulps(double value, BigDecimal exact) {
        double rounded = exact.doubleValue();
        if (!Double.isFinite(value) || Double.isInfinite(rounded)) {
            boolean isNextToInfinity = Math.min(Math.abs(value), Math.abs(rounded)) == Double.MAX_VALUE;
            return value == rounded ? 0 : isNextToInfinity ? 1 : Double.POSITIVE_INFINITY;
        }
        BigDecimal error = new BigDecimal(value).subtract(exact).abs();
        return error.divide(new BigDecimal(Math.ulp(rounded)), MathContext.DECIMAL32)
                .doubleValue();
    }
}
