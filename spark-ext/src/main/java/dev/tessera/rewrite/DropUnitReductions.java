package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code max(x, axis)} -> {@code x} along axes of static size 1, which are dropped unless {@code keepdims}, and
 * {@code argmax(x, axis)} -> 0: row programs reduce only what varies along their axis.
 */
final class DropUnitReductions implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Reduce op)) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        List<Integer> others = new ArrayList<>();
        for (int axis : op.axes()) {
            if (!x.shape().dim(axis).isKnown(1)) {
                others.add(axis);
            }
        }
        if (others.size() == op.axes().size()) {
            return null;
        }
        if (op.combine() == ReduceOp.ARGMAX || op.combine() == ReduceOp.ARGMIN) {
            return Tensors.broadcastTo(Tensors.constant(0L), apply.output().shape());
        }
        Tensor reduced = others.isEmpty()
                ? x
                : Apply.of(new Op.Reduce(op.combine(), others, true), x).output();
        return op.keepDims() ? reduced : without(reduced, op.axes());
    }

    private static Tensor without(Tensor x, List<Integer> axes) {
        return Tensors.squeeze(x, axes.stream().mapToInt(Integer::intValue).toArray());
    }
}
