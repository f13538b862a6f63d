package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code where(~c, x, y)} -> {@code where(c, y, x)}.
 */
final class SwapWhereOfNot implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Tensor condition = Patterns.isScalar(apply, ScalarOp.WHERE)
                ? Patterns.argumentOf(ScalarOp.LOGICAL_NOT, apply.inputs().get(0))
                : null;
        return condition == null
                ? null
                : Patterns.ifSameType(
                        apply,
                        Patterns.map(
                                ScalarOp.WHERE,
                                condition,
                                apply.inputs().get(2),
                                apply.inputs().get(1)));
    }
}
