package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code softmax(x)} -> {@code e / sum(e)} with {@code e = exp(x - max(x))}, and {@code log_softmax(x)} ->
 * {@code d - log(sum(exp(d)))} with {@code d = x - max(x)}, along the last axis: one row program once fused.
 */
final class SoftmaxToReductions implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Softmax op)) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        if (x.shape().dim(op.axis()).isKnown(0)) {
            return x;
        }
        Tensor moved = LastAxis.moved(x, op.axis());
        return LastAxis.movedBack(op.log() ? logSoftmax(moved) : softmax(moved), op.axis());
    }

    private static Tensor softmax(Tensor x) {
        Tensor powers = map(ScalarOp.EXP, map(ScalarOp.SUBTRACT, x, LastAxis.reduce(ReduceOp.SUPREMUM, x)));
        return map(ScalarOp.DIVIDE, powers, LastAxis.reduce(ReduceOp.SUM, powers));
    }

    private static Tensor logSoftmax(Tensor x) {
        Tensor distance = map(ScalarOp.SUBTRACT, x, LastAxis.reduce(ReduceOp.SUPREMUM, x));
        Tensor sum = LastAxis.reduce(ReduceOp.SUM, map(ScalarOp.EXP, distance));
        return map(ScalarOp.SUBTRACT, distance, map(ScalarOp.LOG, sum));
    }
}
