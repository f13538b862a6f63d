package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/**
 * {@code log(softmax(x))} -> {@code log_softmax(x)}, which is finite where the softmax underflows to 0.
 */
final class LogOfSoftmaxToLogSoftmax implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Tensor argument = apply.inputs().isEmpty() ? null : apply.inputs().get(0);
        return Patterns.isScalar(apply, ScalarOp.LOG)
                        && argument != null
                        && argument.owner() != null
                        && argument.owner().op() instanceof Op.Softmax softmax
                        && !softmax.log()
                ? Apply.of(
                                new Op.Softmax(softmax.axis(), true),
                                argument.owner().inputs())
                        .output()
                : null;
    }
}
