package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.ScalarOp;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Measures the float32 functions against double, over bit patterns that a prime stride takes from the whole range. */
class FloatAccuracyTest {
    /** About a million patterns for each function. */
    private static final int STRIDE = 4099;

    private static final int BLOCK = 256;

    /** A function, its reference to a few ulp of double, and the bound of the primitives' own documentation. */
    enum Function {
        EXP(FloatPrimitives::exp, Math::exp, ScalarOp.EXP, 1),
        EXPM1(FloatPrimitives::expm1, Math::expm1, ScalarOp.EXPM1, 2),
        LOG(FloatPrimitives::log, Math::log, ScalarOp.LOG, 1),
        LOG1P(FloatPrimitives::log1p, Math::log1p, ScalarOp.LOG1P, 2),
        LOG2(FloatPrimitives::log2, ScalarReferences::log2, ScalarOp.LOG2, 2),
        SIN(FloatPrimitives::sin, Math::sin, ScalarOp.SIN, 2),
        COS(FloatPrimitives::cos, Math::cos, ScalarOp.COS, 2),
        TAN(FloatPrimitives::tan, Math::tan, ScalarOp.TAN, 4),
        TANH(FloatPrimitives::tanh, Math::tanh, ScalarOp.TANH, 2.5),
        SIGMOID(FloatPrimitives::sigmoid, ScalarReferences::sigmoid, ScalarOp.SIGMOID, 2.5),
        SOFTPLUS(FloatPrimitives::softplus, ScalarReferences::softplus, ScalarOp.SOFTPLUS, 3),
        ERF(FloatPrimitives::erf, ScalarReferences::erf, ScalarOp.ERF, 4),
        GELU(FloatPrimitives::gelu, ScalarReferences::gelu, ScalarOp.GELU, 4);

        private final Unary primitive;
        private final DoubleUnaryOperator reference;
        private final double bound;

        Function(Unary primitive, DoubleUnaryOperator reference, ScalarOp op, double documented) {
            this.primitive = primitive;
            this.reference = reference;
            this.bound = Math.min(op.accuracy().ulpsFloat32(), documented);
        }

        void applyReference(float[] x, float[] out) {
            for (int i = 0; i < x.length; i++) {
                out[i] = (float) reference.applyAsDouble(x[i]);
            }
        }

        void apply(FloatPrimitives primitives, float[] x, float[] out) {
            primitive.apply(primitives, x, 0, out, 0, x.length);
        }
    }

    interface Unary {
        void apply(FloatPrimitives primitives, float[] x, int xAt, float[] out, int outAt, int n);
    }

    /** The largest error of a function, in ulp of the exact value, and where it is. */
    private record Worst(double ulps, float at) {}

    /** Prints how far off each function is; takes the stride between bit patterns, {@link #STRIDE} unless told. */
    public static void main(String[] arguments) {
        int stride = arguments.length == 0 ? STRIDE : Integer.parseInt(arguments[0]);
        System.out.println("float32    largest error in ulp, of one in " + stride + " bit patterns");
        for (Function function : Function.values()) {
            Worst worst = worst(function, 0, stride, (1L << 32) / stride);
            System.out.printf(Locale.ROOT, "%-9s %6.3f at %s%n", function, worst.ulps, worst.at);
        }
    }

    @ParameterizedTest
    @EnumSource
    void staysWithinItsBound(Function function) {
        Worst worst = worst(function, 0, STRIDE, (1L << 32) / STRIDE);
        assertThat(worst.ulps)
                .as("largest error of %s in ulp, at %s", function, worst.at)
                .isLessThanOrEqualTo(function.bound);
    }

    /** Where the errors of these add up, the stride over the whole range takes too few patterns to meet the largest. */
    @ParameterizedTest
    @CsvSource({"EXP, 16, 64", "EXP, -16, -64", "GELU, -1, -12"})
    void staysWithinItsBoundWhereItIsWorst(Function function, float first, float last) {
        int stride = 31;
        int bits = Float.floatToRawIntBits(first);
        Worst worst = worst(function, bits, stride, (Float.floatToRawIntBits(last) - bits) / stride);
        assertThat(worst.ulps)
                .as("largest error of %s in ulp, at %s", function, worst.at)
                .isLessThanOrEqualTo(function.bound);
    }

    private static Worst worst(Function function, int firstBits, int stride, long count) {
        float[] x = new float[BLOCK];
        float[] out = new float[BLOCK];
        double worst = 0;
        float worstAt = 0;
        int bits = firstBits;
        for (long block = 0; block < count / BLOCK; block++) {
            for (int i = 0; i < BLOCK; i++) {
                x[i] = Float.intBitsToFloat(bits);
                bits += stride;
            }
            function.primitive.apply(PlainFloatPrimitives.INSTANCE, x, 0, out, 0, BLOCK);
            for (int i = 0; i < BLOCK; i++) {
                double error = ulps(out[i], function.reference.applyAsDouble(x[i]));
                if (error > worst) {
                    worst = error;
                    worstAt = x[i];
                }
            }
        }
        return new Worst(worst, worstAt);
    }

    /** The distance in units in the last place of the exact value, as float has them. */
    static double ulps(float value, double exact) {
        float rounded = (float) exact;
        if (Float.isNaN(rounded) || Float.isNaN(value)) {
            return Float.isNaN(rounded) && Float.isNaN(value) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (Float.isInfinite(value) || Float.isInfinite(rounded)) {
            boolean isNextToInfinity = Math.min(Math.abs(value), Math.abs(rounded)) == Float.MAX_VALUE;
            return value == rounded ? 0 : isNextToInfinity && value > 0 == rounded > 0 ? 1 : Double.POSITIVE_INFINITY;
        }
        boolean isWrongZero = value == 0 && exact == 0 && 1 / value != 1 / rounded;
        return isWrongZero ? Double.POSITIVE_INFINITY : Math.abs(value - exact) / Math.ulp(rounded);
    }
}
