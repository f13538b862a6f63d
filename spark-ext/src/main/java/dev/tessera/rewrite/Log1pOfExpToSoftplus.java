package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code log1p(exp(x))} -> {@code softplus(x)}, which is finite where the exponential overflows.
 */
final class Log1pOfExpToSoftplus implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Tensor x = Patterns.isScalar(apply, ScalarOp.LOG1P)
                ? Patterns.argumentOf(ScalarOp.EXP, apply.inputs().get(0))
                : null;
        return x == null ? null : map(ScalarOp.SOFTPLUS, x);
    }
}
