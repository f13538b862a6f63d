package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code sum(x, axis=0)} -> {@code sum(transpose(x), axis=-1, keepdims=True)} with the axis dropped after it, because row
 * programs run along the last axis; neighbouring axes are merged to one, and others reduced one after the other.
 */
final class ReduceToLastAxis implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Reduce op)
                || LastAxis.isReduced(apply.inputs().get(0), op.axes(), op.keepDims())) {
            return null;
        }
        return LastAxis.reduce(apply.inputs().get(0), op.axes(), op.keepDims(), x -> LastAxis.reduce(op.combine(), x));
    }
}
