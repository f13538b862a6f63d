package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code sqrt(square(x))} -> {@code abs(x)}, which is finite where the square overflows.
 */
final class SqrtOfSquareToAbs implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Tensor x = Patterns.isScalar(apply, ScalarOp.SQRT)
                ? Patterns.argumentOf(ScalarOp.SQUARE, apply.inputs().get(0))
                : null;
        return x == null ? null : map(ScalarOp.ABS, x);
    }
}
