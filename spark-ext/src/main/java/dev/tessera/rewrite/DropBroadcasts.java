package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code broadcast_to(x, s) + y} -> {@code x + y} where y has the shape s, and a broadcast to the shape that x has goes.
 */
final class DropBroadcasts implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (apply.op() instanceof Op.BroadcastTo) {
            return Patterns.ifSameType(apply, apply.inputs().get(0));
        }
        if (!(apply.op() instanceof Op.Elementwise) || apply.inputs().size() < 2) {
            return null;
        }
        for (int i = 0; i < apply.inputs().size(); i++) {
            Apply owner = apply.inputs().get(i).owner();
            if (owner != null && owner.op() instanceof Op.BroadcastTo) {
                List<Tensor> inputs = new ArrayList<>(apply.inputs());
                inputs.set(i, owner.inputs().get(0));
                Tensor narrow =
                        Patterns.ifSameType(apply, Apply.of(apply.op(), inputs).output());
                if (narrow != null) {
                    return narrow;
                }
            }
        }
        return null;
    }
}
