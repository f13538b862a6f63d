package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code x * 1}, {@code x / 1}, {@code x ** 1}, {@code x - 0} -> {@code x}, and on integers {@code x + 0}.
 *
 * <p>Not {@code x + 0} on floats, which turns -0 into 0, though {@code x + -0.0} goes; nor {@code x * 0}, which may be NaN.
 */
final class DropNeutralOperands implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Elementwise op) || apply.inputs().size() != 2) {
            return null;
        }
        Tensor left = apply.inputs().get(0);
        Tensor right = apply.inputs().get(1);
        boolean isFloating = left.dtype().isFloating();
        Tensor kept = switch (op.scalar()) {
            case MULTIPLY, LOGICAL_AND -> Patterns.besides(1, apply);
            case LOGICAL_OR, LOGICAL_XOR -> Patterns.besides(0, apply);
            case ADD -> Patterns.besides(isFloating ? -0.0 : 0, apply);
            case SUBTRACT -> Patterns.isNumber(right, 0) ? left : null;
            case DIVIDE, POWER -> Patterns.isNumber(right, 1) ? left : null;
            case FLOOR_DIVIDE -> !isFloating && Patterns.isNumber(right, 1) ? left : null;
            default -> null;
        };
        return Patterns.ifSameType(apply, kept);
    }
}
