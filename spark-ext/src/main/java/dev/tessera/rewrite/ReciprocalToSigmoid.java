package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code reciprocal(1 + exp(neg(x)))} -> {@code sigmoid(x)}.
 */
final class ReciprocalToSigmoid implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Apply sum = Patterns.isScalar(apply, ScalarOp.RECIPROCAL)
                ? Patterns.ownerIf(ScalarOp.ADD, apply.inputs().get(0))
                : null;
        Tensor powers = sum == null ? null : Patterns.besides(1, sum);
        Tensor negated = powers == null ? null : Patterns.argumentOf(ScalarOp.EXP, powers);
        Tensor x = negated == null ? null : Patterns.argumentOf(ScalarOp.NEGATIVE, negated);
        return x == null ? null : Patterns.ifSameType(apply, map(ScalarOp.SIGMOID, x));
    }
}
