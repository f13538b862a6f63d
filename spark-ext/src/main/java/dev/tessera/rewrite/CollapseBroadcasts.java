package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code broadcast_to(broadcast_to(x, s), t)} -> {@code broadcast_to(x, t)}.
 */
final class CollapseBroadcasts implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Apply below = apply.inputs().isEmpty() ? null : apply.inputs().get(0).owner();
        return apply.op() instanceof Op.BroadcastTo op && below != null && below.op() instanceof Op.BroadcastTo
                ? Apply.of(op, below.inputs().get(0)).output()
                : null;
    }
}
