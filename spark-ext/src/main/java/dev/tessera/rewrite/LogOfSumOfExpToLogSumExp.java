package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code log(sum(exp(x), axes))} -> {@code logsumexp(x, axes)}, which is finite where the exponential over- or underflows.
 */
final class LogOfSumOfExpToLogSumExp implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.LOG)) {
            return null;
        }
        Apply sum = apply.inputs().get(0).owner();
        if (sum == null || !(sum.op() instanceof Op.Reduce reduce) || reduce.combine() != ReduceOp.SUM) {
            return null;
        }
        Tensor x = Patterns.argumentOf(ScalarOp.EXP, sum.inputs().get(0));
        return x == null
                ? null
                : Apply.of(new Op.LogSumExp(reduce.axes(), reduce.keepDims()), x)
                        .output();
    }
}
