package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code 1 / x} -> {@code reciprocal(x)}.
 */
final class DivideOneToReciprocal implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        return Patterns.isScalar(apply, ScalarOp.DIVIDE)
                        && Patterns.isNumber(apply.inputs().get(0), 1)
                ? Patterns.ifSameType(
                        apply, map(ScalarOp.RECIPROCAL, apply.inputs().get(1)))
                : null;
    }
}
