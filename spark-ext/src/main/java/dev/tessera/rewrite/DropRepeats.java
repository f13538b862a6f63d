package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code relu(relu(x))} -> {@code relu(x)}, and likewise of what else changes nothing the second time; {@code abs(neg(x))} ->
 * {@code abs(x)}, {@code maximum(x, x)} -> {@code x}, and {@code square(neg(x))} and {@code square(abs(x))} -> {@code square(x)}.
 */
final class DropRepeats implements LocalRewrite {
    private static final Set<ScalarOp> IDEMPOTENT =
            Set.of(ScalarOp.ABS, ScalarOp.RELU, ScalarOp.FLOOR, ScalarOp.CEIL, ScalarOp.ROUND, ScalarOp.SIGN);

    private static final Set<ScalarOp> OF_THE_SAME =
            Set.of(ScalarOp.MAXIMUM, ScalarOp.MINIMUM, ScalarOp.LOGICAL_AND, ScalarOp.LOGICAL_OR);

    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Elementwise op)) {
            return null;
        }
        Tensor argument = apply.inputs().get(0);
        if (OF_THE_SAME.contains(op.scalar())) {
            return argument == apply.inputs().get(1) ? argument : null;
        }
        if (IDEMPOTENT.contains(op.scalar())) {
            Tensor inner = Patterns.argumentOf(op.scalar(), argument);
            if (inner != null) {
                return argument;
            }
        }
        if (op.scalar() != ScalarOp.ABS && op.scalar() != ScalarOp.SQUARE) {
            return null;
        }
        Tensor negated = Patterns.argumentOf(ScalarOp.NEGATIVE, argument);
        Tensor inner = negated != null ? negated : Patterns.argumentOf(ScalarOp.ABS, argument);
        return inner == null ? null : map(op.scalar(), inner);
    }
}
