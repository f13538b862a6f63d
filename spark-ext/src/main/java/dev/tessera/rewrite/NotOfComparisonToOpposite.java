package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code ~(x == y)} -> {@code x != y}, and on integers and bools {@code ~(x < y)} -> {@code x >= y}: of NaN, neither of the two holds.
 */
final class NotOfComparisonToOpposite implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.LOGICAL_NOT)) {
            return null;
        }
        Apply comparison = apply.inputs().get(0).owner();
        if (comparison == null
                || !(comparison.op() instanceof Op.Elementwise op)
                || !surroundings.isReadOnce(comparison.output())) {
            return null;
        }
        boolean isFloating = comparison.inputs().get(0).dtype().isFloating();
        ScalarOp opposite = opposite(op.scalar(), isFloating);
        return opposite == null
                ? null
                : Patterns.map(
                        opposite,
                        comparison.inputs().get(0),
                        comparison.inputs().get(1));
    }

    private static @Nullable ScalarOp opposite(ScalarOp comparison, boolean isFloating) {
        return switch (comparison) {
            case EQUAL -> ScalarOp.NOT_EQUAL;
            case NOT_EQUAL -> ScalarOp.EQUAL;
            case LESS -> isFloating ? null : ScalarOp.GREATER_EQUAL;
            case LESS_EQUAL -> isFloating ? null : ScalarOp.GREATER;
            case GREATER -> isFloating ? null : ScalarOp.LESS_EQUAL;
            case GREATER_EQUAL -> isFloating ? null : ScalarOp.LESS;
            default -> null;
        };
    }
}
