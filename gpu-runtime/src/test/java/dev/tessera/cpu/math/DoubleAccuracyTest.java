package dev.tessera.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Measures float64 functions against series of 80 decimal digits. */
class DoubleAccuracyTest {
    private static final MathContext DIGITS = new MathContext(80);
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal PI =
            new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803");
    private static final int POINTS = 400;
    /** No function of {@link DoublePrimitives} may be further off. */
    private static final double WIDEST_DOCUMENTED = 4;

    enum Function {
        EXP(DoublePrimitives::exp, DoubleAccuracyTest::exp, ScalarOp.EXP),
        EXPM1(DoublePrimitives::expm1, x -> exp(x).subtract(BigDecimal.ONE), ScalarOp.EXPM1),
        TANH(DoublePrimitives::tanh, DoubleAccuracyTest::tanh, ScalarOp.TANH),
        SIGMOID(DoublePrimitives::sigmoid, x -> inverse(BigDecimal.ONE.add(exp(x.negate()))), ScalarOp.SIGMOID),
        ERF(DoublePrimitives::erf, DoubleAccuracyTest::erf, ScalarOp.ERF),
        GELU(DoublePrimitives::gelu, DoubleAccuracyTest::gelu, ScalarOp.GELU);

        private final Unary primitive;
        private final UnaryOperator<BigDecimal> reference;
        private final double bound;

        Function(Unary primitive, UnaryOperator<BigDecimal> reference, ScalarOp op) {
            this.primitive = primitive;
            this.reference = reference;
            this.bound = Math.min(op.accuracy().ulps(DType.FLOAT64), WIDEST_DOCUMENTED);
        }
    }

    interface Unary {
        void apply(DoublePrimitives primitives, double[] x, int xAt, double[] out, int outAt, int n);
    }

    @ParameterizedTest
    @EnumSource
    void staysWithinItsBound(Function function) {
        double[] x = new double[2 * POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = (i - POINTS / 2 + 0.37) * 6 / (POINTS / 2);
            x[POINTS + i] = Math.scalb(x[i], -(i % 50));
        }
        double[] out = new double[x.length];
        function.primitive.apply(PlainDoublePrimitives.INSTANCE, x, 0, out, 0, x.length);
        double worst = 0;
        double worstAt = 0;
        for (int i = 0; i < x.length; i++) {
            BigDecimal exact = function.reference.apply(new BigDecimal(x[i]));
            double ulp = Math.ulp(exact.doubleValue());
            double error = new BigDecimal(out[i]).subtract(exact).abs().doubleValue() / ulp;
            if (error > worst) {
                worst = error;
                worstAt = x[i];
            }
        }
        assertThat(worst)
                .as("largest error of %s in ulp, at %s", function, worstAt)
                .isLessThanOrEqualTo(function.bound);
    }

    private static BigDecimal inverse(BigDecimal x) {
        return BigDecimal.ONE.divide(x, DIGITS);
    }

    /** The series at x / 256, squared eight times. */
    private static BigDecimal exp(BigDecimal x) {
        BigDecimal part = x.divide(BigDecimal.valueOf(256), DIGITS);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int n = 1; n < 45; n++) {
            term = term.multiply(part, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        for (int i = 0; i < 8; i++) {
            sum = sum.multiply(sum, DIGITS);
        }
        return sum;
    }

    private static BigDecimal tanh(BigDecimal x) {
        BigDecimal e = exp(x.multiply(TWO));
        return e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
    }

    /** Maclaurin's series, whose largest term is below 10^16 here. */
    private static BigDecimal erf(BigDecimal x) {
        BigDecimal square = x.multiply(x, DIGITS).negate();
        BigDecimal power = x;
        BigDecimal sum = x;
        for (int n = 1; power.abs().compareTo(BigDecimal.ONE.movePointLeft(75)) > 0; n++) {
            power = power.multiply(square, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
        }
        return sum.multiply(TWO).divide(PI.sqrt(DIGITS), DIGITS);
    }

    private static BigDecimal gelu(BigDecimal x) {
        BigDecimal above = erf(x.divide(TWO.sqrt(DIGITS), DIGITS)).add(BigDecimal.ONE);
        return x.divide(TWO).multiply(above, DIGITS);
    }
}
