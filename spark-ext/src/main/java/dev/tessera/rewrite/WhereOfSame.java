package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code where(c, x, x)} -> {@code x}, and {@code where(True, x, y)} -> {@code x}, unless the shape is another, or
 * what is left out may make rows bad.
 */
final class WhereOfSame implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.WHERE)) {
            return null;
        }
        Tensor condition = apply.inputs().get(0);
        Tensor x = apply.inputs().get(1);
        Tensor y = apply.inputs().get(2);
        if (surroundings.hasBadRows()) {
            return null;
        }
        if (x == y || Patterns.isNumber(condition, 1)) {
            return Patterns.ifSameType(apply, x);
        }
        return Patterns.isNumber(condition, 0) ? Patterns.ifSameType(apply, y) : null;
    }
}
