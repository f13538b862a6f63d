package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code exp(x) - 1} -> {@code expm1(x)}, which does not round a small x away.
 */
final class ExpMinusOneToExpm1 implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Tensor powers = null;
        if (Patterns.isScalar(apply, ScalarOp.SUBTRACT)
                && Patterns.isNumber(apply.inputs().get(1), 1)) {
            powers = apply.inputs().get(0);
        } else if (Patterns.isScalar(apply, ScalarOp.ADD)) {
            powers = Patterns.besides(-1, apply);
        }
        Tensor x = powers == null ? null : Patterns.argumentOf(ScalarOp.EXP, powers);
        return x == null ? null : Patterns.ifSameType(apply, map(ScalarOp.EXPM1, x));
    }
}
