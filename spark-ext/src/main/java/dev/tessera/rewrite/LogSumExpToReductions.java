package dev.tessera.rewrite;

import static dev.tessera.rewrite.Patterns.map;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * {@code logsumexp(x)} -> {@code log(sum(exp(x - m))) + m} with {@code m = max(x)}, or 0 where that is not finite, as it is of
 * no elements, along the last axis: one row program once fused.
 */
final class LogSumExpToReductions implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        return apply.op() instanceof Op.LogSumExp op
                ? LastAxis.reduce(apply.inputs().get(0), op.axes(), op.keepDims(), LogSumExpToReductions::ofLastAxis)
                : null;
    }

    private static Tensor ofLastAxis(Tensor x) {
        Tensor max = LastAxis.reduce(ReduceOp.SUPREMUM, x);
        Tensor zero = x.dtype() == DType.FLOAT32 ? Tensors.constant(0f) : Tensors.constant(0d);
        Tensor shift = map(ScalarOp.WHERE, map(ScalarOp.IS_FINITE, max), max, zero);
        Tensor sum = LastAxis.reduce(ReduceOp.SUM, map(ScalarOp.EXP, map(ScalarOp.SUBTRACT, x, shift)));
        return map(ScalarOp.ADD, map(ScalarOp.LOG, sum), shift);
    }
}
