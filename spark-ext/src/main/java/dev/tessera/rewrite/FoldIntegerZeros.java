package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code i * 0} and {@code i - i} -> 0 on integers, and {@code b & False} -> {@code False}, unless what is left out may make rows bad.
 *
 * <p>Never on floats, of which each may be NaN.
 */
final class FoldIntegerZeros implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Elementwise op)
                || apply.inputs().size() != 2
                || apply.inputs().get(0).dtype().isFloating()
                || surroundings.hasBadRows()) {
            return null;
        }
        boolean isZero = op.scalar() == ScalarOp.SUBTRACT
                ? apply.inputs().get(0) == apply.inputs().get(1)
                : (op.scalar() == ScalarOp.MULTIPLY || op.scalar() == ScalarOp.LOGICAL_AND)
                        && Patterns.besides(0, apply) != null;
        if (!isZero) {
            return null;
        }
        Tensor zero = Tensors.constant(HostTensor.zeros(apply.output().dtype()));
        return Patterns.ifSameType(
                apply, Tensors.broadcastTo(zero, apply.output().shape()));
    }
}
