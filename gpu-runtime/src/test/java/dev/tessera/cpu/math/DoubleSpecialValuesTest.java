package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a float64 function has one right value, or its argument is out of the vector path. */
class DoubleSpecialValuesTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private static final double[] EXACT = {
        0.0,
        -0.0,
        INFINITY,
        -INFINITY,
        Double.NaN,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        3 * Double.MIN_VALUE,
        Double.MIN_NORMAL,
        -0x1.fffffffffffffp-1023,
        0x1p-60,
        -0x1p-1000
    };

    /** Written as the limits and first terms of the series are. */
    private static DoubleUnaryOperator definition(DoubleFunction function) {
        return switch (function) {
            case EXP -> StrictMath::exp;
            case EXPM1 -> StrictMath::expm1;
            case LOG -> StrictMath::log;
            case LOG1P -> StrictMath::log1p;
            case LOG2 -> DoubleSpecialValuesTest::log2;
            case SIN -> StrictMath::sin;
            case COS -> StrictMath::cos;
            case TAN -> StrictMath::tan;
            case TANH -> StrictMath::tanh;
            case SIGMOID -> x -> Double.isNaN(x) ? x : x > 1 ? 1 : x < -1 ? 0 : 0.5;
            case SOFTPLUS -> x -> x > 1 || Double.isNaN(x) ? x : x < -1 ? 0 : Math.log(2);
            case ERF -> x -> Math.abs(x) > 1 ? Math.signum(x) : x + x * (2 / Math.sqrt(Math.PI) - 1);
            case GELU -> x -> x > 1 || Double.isNaN(x) ? x : x < -1 ? -0.0 : x / 2;
        };
    }

    private static double log2(double x) {
        boolean isFinite = x > 0 && x <= Double.MAX_VALUE;
        return isFinite ? DecimalSeries.log2(new BigDecimal(x)).doubleValue() : Math.log(x);
    }

    @ParameterizedTest
    @EnumSource
    void areRight(DoubleFunction function) {
        for (double x : EXACT) {
            double expected = definition(function).applyAsDouble(x);
            // Seven vectors of at most eight, and a rest.
            double[] all = new double[59];
            Arrays.fill(all, x);
            for (double value : function.of(PlainDoublePrimitives.INSTANCE, all)) {
                boolean isSame = Double.compare(value, expected) == 0;
                boolean isNear = expected != 0 && Math.abs(value - expected) <= 2 * Math.ulp(expected);
                assertThat(isSame || isNear)
                        .as("%s(%s) = %s, not %s", function, x, value, expected)
                        .isTrue();
            }
        }
    }

    /** Against a library of one ulp, where a series of decimals would take too long. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ERF", "GELU", "SOFTPLUS", "SIGMOID"})
    void agreeWithTheLibraryOverAllBitPatterns(DoubleFunction function) {
        double[] x = new double[100_000];
        long bits = 1;
        for (int i = 0; i < x.length; i++) {
            x[i] = Double.longBitsToDouble(bits);
            bits += 0x9e3779b97f4a7c15L;
        }
        double[] out = function.of(PlainDoublePrimitives.INSTANCE, x);
        for (int i = 0; i < x.length; i++) {
            double expected = function.library.applyAsDouble(x[i]);
            boolean isSame = Double.compare(out[i], expected) == 0;
            assertThat(isSame || Math.abs(out[i] - expected) <= (function.bound + 1.5) * Math.ulp(expected))
                    .as("%s(%s) = %s, not %s", function, x[i], out[i], expected)
                    .isTrue();
        }
    }
}
