package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code x ** 2} -> {@code square(x)}, {@code x ** 3} -> {@code x * square(x)}, {@code x ** 4} -> {@code square(square(x))}, and on
 * floats {@code x ** -1} -> {@code reciprocal(x)}.
 *
 * <p>Not {@code x ** 0.5}, which of -infinity is infinity where the square root is NaN.
 */
final class PowerToProducts implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.POWER)) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        Tensor exponent = apply.inputs().get(1);
        Tensor product = null;
        if (Patterns.isNumber(exponent, 2)) {
            product = map(ScalarOp.SQUARE, x);
        } else if (Patterns.isNumber(exponent, 3)) {
            product = map(ScalarOp.MULTIPLY, x, map(ScalarOp.SQUARE, x));
        } else if (Patterns.isNumber(exponent, 4)) {
            product = map(ScalarOp.SQUARE, map(ScalarOp.SQUARE, x));
        } else if (Patterns.isNumber(exponent, -1) && x.dtype().isFloating()) {
            product = map(ScalarOp.RECIPROCAL, x);
        }
        return Patterns.ifSameType(apply, product);
    }
}
