package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code neg(neg(x))} -> {@code x}, and {@code not(not(x))} likewise.
 */
final class CancelInverses implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Elementwise op)
                || (op.scalar() != ScalarOp.NEGATIVE && op.scalar() != ScalarOp.LOGICAL_NOT)) {
            return null;
        }
        return Patterns.argumentOf(op.scalar(), apply.inputs().get(0));
    }
}
