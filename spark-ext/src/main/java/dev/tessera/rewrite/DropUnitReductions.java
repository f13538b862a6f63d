package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
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
            return surroundings.hasBadRows()
                    ? zeros(x, op)
                    : Tensors.broadcastTo(Tensors.constant(0L), apply.output().shape());
        }
        Tensor reduced = others.isEmpty()
                ? x
                : Apply.of(new Op.Reduce(op.combine(), others, true), x).output();
        return op.keepDims() ? reduced : without(reduced, op.axes());
    }

    /** Zeros that are computed from x, so that a row whose x has no value stays bad. */
    private static Tensor zeros(Tensor x, Op.Reduce op) {
        Tensor isBoth = Patterns.map(
                ScalarOp.LOGICAL_AND, Patterns.map(ScalarOp.EQUAL, x, x), Patterns.map(ScalarOp.NOT_EQUAL, x, x));
        Tensor zeros = Apply.of(new Op.Cast(DType.INT64), isBoth).output();
        return op.keepDims() ? zeros : without(zeros, op.axes());
    }

    private static Tensor without(Tensor x, List<Integer> axes) {
        return Tensors.squeeze(x, axes.stream().mapToInt(Integer::intValue).toArray());
    }
}
