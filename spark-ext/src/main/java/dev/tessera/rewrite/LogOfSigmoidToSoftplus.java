package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code log(sigmoid(x))} -> {@code neg(softplus(neg(x)))}, and {@code log(1 - sigmoid(x))} -> {@code neg(softplus(x))}, which are
 * finite where the sigmoid rounds to 0 or 1.
 */
final class LogOfSigmoidToSoftplus implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.LOG)) {
            return null;
        }
        Tensor argument = apply.inputs().get(0);
        Tensor x = Patterns.argumentOf(ScalarOp.SIGMOID, argument);
        if (x != null) {
            return map(ScalarOp.NEGATIVE, map(ScalarOp.SOFTPLUS, map(ScalarOp.NEGATIVE, x)));
        }
        Apply rest = Patterns.ownerIf(ScalarOp.SUBTRACT, argument);
        x = rest != null && Patterns.isNumber(rest.inputs().get(0), 1)
                ? Patterns.argumentOf(ScalarOp.SIGMOID, rest.inputs().get(1))
                : null;
        return x == null ? null : Patterns.ifSameType(apply, map(ScalarOp.NEGATIVE, map(ScalarOp.SOFTPLUS, x)));
    }
}
