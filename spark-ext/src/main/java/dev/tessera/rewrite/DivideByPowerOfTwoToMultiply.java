package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code x / 8} -> {@code x * 0.125}: the quotient by a power of two whose reciprocal is a normal number too is the product, to the last bit.
 */
final class DivideByPowerOfTwoToMultiply implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.DIVIDE)
                || !(apply.inputs().get(1) instanceof Constant divisor)
                || divisor.rank() != 0) {
            return null;
        }
        Double reciprocal = exactReciprocal(divisor.dtype(), divisor.value().doubleAt(0));
        if (reciprocal == null) {
            return null;
        }
        HostTensor factor = HostTensor.zeros(divisor.dtype());
        factor.setDouble(0, reciprocal);
        return Patterns.map(ScalarOp.MULTIPLY, apply.inputs().get(0), Tensors.constant(factor));
    }

    private static @Nullable Double exactReciprocal(DType dtype, double divisor) {
        int most = dtype == DType.FLOAT32 ? Float.MAX_EXPONENT - 1 : Double.MAX_EXPONENT - 1;
        int exponent = Math.getExponent(divisor);
        boolean isPower = Math.abs(divisor) == Math.scalb(1.0, exponent) && Math.abs(exponent) <= most;
        return isPower ? 1 / divisor : null;
    }
}
