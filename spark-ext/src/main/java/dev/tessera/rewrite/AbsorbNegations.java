package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code x + -y} -> {@code x - y}, {@code x - -y} -> {@code x + y}, {@code -x * -y} -> {@code x * y}, {@code -x / -y} -> {@code x / y}: the same to
 * the last bit, on integers that wrap too. Not {@code -(x - y)}, which of equal floats is -0 where {@code y - x} is 0.
 */
final class AbsorbNegations implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Elementwise op) || apply.inputs().size() != 2) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        Tensor y = apply.inputs().get(1);
        Tensor minusX = Patterns.argumentOf(ScalarOp.NEGATIVE, x);
        Tensor minusY = Patterns.argumentOf(ScalarOp.NEGATIVE, y);
        return switch (op.scalar()) {
            case ADD ->
                minusY != null
                        ? Patterns.map(ScalarOp.SUBTRACT, x, minusY)
                        : minusX != null ? Patterns.map(ScalarOp.SUBTRACT, y, minusX) : null;
            case SUBTRACT -> minusY != null ? Patterns.map(ScalarOp.ADD, x, minusY) : null;
            case MULTIPLY, DIVIDE ->
                minusX != null && minusY != null ? Patterns.map(op.scalar(), minusX, minusY) : null;
            default -> null;
        };
    }
}
