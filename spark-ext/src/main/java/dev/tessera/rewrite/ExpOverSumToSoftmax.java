package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code exp(x) / sum(exp(x), axis, keepdims=True)} -> {@code softmax(x, axis)}, which is finite where the exponential overflows.
 */
final class ExpOverSumToSoftmax implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.DIVIDE)) {
            return null;
        }
        Tensor powers = apply.inputs().get(0);
        Tensor x = Patterns.argumentOf(ScalarOp.EXP, powers);
        Apply sum = apply.inputs().get(1).owner();
        return x != null
                        && sum != null
                        && sum.op() instanceof Op.Reduce reduce
                        && reduce.combine() == ReduceOp.SUM
                        && reduce.keepDims()
                        && reduce.axes().size() == 1
                        && sum.inputs().get(0) == powers
                ? Apply.of(new Op.Softmax(reduce.axes().get(0), false), x).output()
                : null;
    }
}
