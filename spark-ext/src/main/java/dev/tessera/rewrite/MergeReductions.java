package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ReduceOp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code sum(sum(x, axis=1), axis=0)} -> {@code sum(x, axis=(0, 1))}, and likewise of what else does not depend on the order:
 * when nothing else reads the inner reduction. The bound of a float sum holds in whatever order the terms are added.
 */
final class MergeReductions implements LocalRewrite {
    // The mean of means weighs elements alike too, but only where none of them is of no elements.
    private static final Set<ReduceOp> ASSOCIATIVE =
            EnumSet.of(ReduceOp.SUM, ReduceOp.PROD, ReduceOp.MAX, ReduceOp.MIN, ReduceOp.ANY, ReduceOp.ALL);

    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Reduce outer) || !ASSOCIATIVE.contains(outer.combine())) {
            return null;
        }
        Apply below = apply.inputs().get(0).owner();
        if (below == null
                || !(below.op() instanceof Op.Reduce inner)
                || inner.combine() != outer.combine()
                || inner.keepDims() != outer.keepDims()
                || !surroundings.isReadOnce(below.output())) {
            return null;
        }
        Tensor x = below.inputs().get(0);
        Set<Integer> axes = new TreeSet<>(inner.axes());
        List<Integer> left = axesLeft(x.rank(), inner);
        outer.axes().forEach(axis -> axes.add(left.get(axis)));
        return Apply.of(new Op.Reduce(outer.combine(), new ArrayList<>(axes), outer.keepDims()), x)
                .output();
    }

    /** Of each axis of the result, which one of the argument it is. */
    private static List<Integer> axesLeft(int rank, Op.Reduce op) {
        List<Integer> left = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            if (op.keepDims() || !op.axes().contains(axis)) {
                left.add(axis);
            }
        }
        return left;
    }
}
