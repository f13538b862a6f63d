package dev.tessera.cpu.math;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.math.BigDecimal;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

/** A float64 function of one argument, its reference, and where it is measured. */
enum DoubleFunction {
    EXP(DoublePrimitives::exp, DecimalSeries::exp, Math::exp, ScalarOp.EXP, 2, -745, 709.7),
    EXPM1(DoublePrimitives::expm1, DecimalSeries::expm1, Math::expm1, ScalarOp.EXPM1, 2, -45, 709.7),
    LOG(DoublePrimitives::log, DecimalSeries::log, Math::log, ScalarOp.LOG, 2, 0, Double.MAX_VALUE),
    LOG1P(DoublePrimitives::log1p, DecimalSeries::log1p, Math::log1p, ScalarOp.LOG1P, 2, -1, Double.MAX_VALUE),
    LOG2(DoublePrimitives::log2, DecimalSeries::log2, ScalarReferences::log2, ScalarOp.LOG2, 2, 0, Double.MAX_VALUE),
    SIN(DoublePrimitives::sin, DecimalSeries::sin, Math::sin, ScalarOp.SIN, 2, -2e9, 2e9),
    COS(DoublePrimitives::cos, DecimalSeries::cos, Math::cos, ScalarOp.COS, 2, -2e9, 2e9),
    TAN(DoublePrimitives::tan, DecimalSeries::tan, Math::tan, ScalarOp.TAN, 4, -2e9, 2e9),
    TANH(DoublePrimitives::tanh, DecimalSeries::tanh, Math::tanh, ScalarOp.TANH, 2, -25, 25),
    SIGMOID(
            DoublePrimitives::sigmoid,
            DecimalSeries::sigmoid,
            ScalarReferences::sigmoid,
            ScalarOp.SIGMOID,
            2,
            -740,
            740),
    SOFTPLUS(
            DoublePrimitives::softplus,
            DecimalSeries::softplus,
            ScalarReferences::softplus,
            ScalarOp.SOFTPLUS,
            3,
            -740,
            740),
    ERF(DoublePrimitives::erf, DecimalSeries::erf, ScalarReferences::erf, ScalarOp.ERF, 4, -7, 7),
    GELU(DoublePrimitives::gelu, DecimalSeries::gelu, ScalarReferences::gelu, ScalarOp.GELU, 4, -38, 38);

    final UnaryOperator<BigDecimal> reference;
    final DoubleUnaryOperator library;
    final double bound;
    final double lowest;
    final double highest;
    private final Unary primitive;

    interface Unary {
        void apply(DoublePrimitives primitives, double[] x, int xAt, double[] out, int outAt, int n);
    }

    DoubleFunction(
            Unary primitive,
            UnaryOperator<BigDecimal> reference,
            DoubleUnaryOperator library,
            ScalarOp op,
            double documented,
            double lowest,
            double highest) {
        this.primitive = primitive;
        this.reference = reference;
        this.library = library;
        this.bound = Math.min(op.accuracy().ulps(DType.FLOAT64), documented);
        this.lowest = lowest;
        this.highest = highest;
    }

    double[] of(DoublePrimitives primitives, double... x) {
        double[] out = new double[x.length];
        primitive.apply(primitives, x, 0, out, 0, x.length);
        return out;
    }

    void apply(DoublePrimitives primitives, double[] x, double[] out) {
        primitive.apply(primitives, x, 0, out, 0, x.length);
    }
}
