package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code reciprocal(sqrt(x))} -> {@code rsqrt(x)}, when nothing else reads the square root.
 */
final class ReciprocalOfSqrtToRsqrt implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.RECIPROCAL)
                || !surroundings.isReadOnce(apply.inputs().get(0))) {
            return null;
        }
        Tensor x = Patterns.argumentOf(ScalarOp.SQRT, apply.inputs().get(0));
        return x == null ? null : map(ScalarOp.RSQRT, x);
    }
}
