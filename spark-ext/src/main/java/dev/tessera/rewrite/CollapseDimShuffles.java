package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code transpose(transpose(x))} -> {@code x}: a dimshuffle of a dimshuffle becomes one, and one that changes nothing goes.
 */
final class CollapseDimShuffles implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.DimShuffle outer)) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        if (isIdentity(outer.order(), x, apply.output())) {
            return x;
        }
        Apply below = x.owner();
        if (below == null || !(below.op() instanceof Op.DimShuffle inner)) {
            return null;
        }
        List<Integer> order = new ArrayList<>();
        for (int axis : outer.order()) {
            order.add(axis == Op.DimShuffle.NEW_AXIS ? axis : inner.order().get(axis));
        }
        Tensor source = below.inputs().get(0);
        return isIdentity(order, source, apply.output())
                ? source
                : Apply.of(new Op.DimShuffle(order), source).output();
    }

    /** Whether the axes that are not of size 1 keep their order, and the shape is the same. */
    private static boolean isIdentity(List<Integer> order, Tensor x, Tensor result) {
        int last = -1;
        for (int axis : order) {
            if (axis != Op.DimShuffle.NEW_AXIS && !x.shape().dim(axis).isKnown(1)) {
                if (axis < last) {
                    return false;
                }
                last = axis;
            }
        }
        return x.type().equals(result.type());
    }
}
