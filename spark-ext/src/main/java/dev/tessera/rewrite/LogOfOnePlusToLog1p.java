package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code log(1 + x)} -> {@code log1p(x)}, which does not round a small x away.
 */
final class LogOfOnePlusToLog1p implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Apply sum = Patterns.isScalar(apply, ScalarOp.LOG)
                ? Patterns.ownerIf(ScalarOp.ADD, apply.inputs().get(0))
                : null;
        Tensor x = sum == null ? null : Patterns.besides(1, sum);
        return x == null ? null : Patterns.ifSameType(apply, map(ScalarOp.LOG1P, x));
    }
}
