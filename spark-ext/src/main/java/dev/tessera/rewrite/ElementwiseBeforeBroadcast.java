package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code exp(broadcast_to(x, s))} -> {@code broadcast_to(exp(x), s)}, and likewise of other functions of one argument and of casts:
 * what is repeated is computed once.
 */
final class ElementwiseBeforeBroadcast implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        boolean isUnary = apply.op() instanceof Op.Cast
                || (apply.op() instanceof Op.Elementwise && apply.inputs().size() == 1);
        Apply below = isUnary ? apply.inputs().get(0).owner() : null;
        if (below == null || !(below.op() instanceof Op.BroadcastTo broadcast)) {
            return null;
        }
        return Apply.of(broadcast, Apply.of(apply.op(), below.inputs().get(0)).output())
                .output();
    }
}
