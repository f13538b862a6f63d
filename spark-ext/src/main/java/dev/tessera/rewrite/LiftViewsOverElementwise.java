package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code sum(transpose(exp(x)))} -> {@code sum(exp(transpose(x)))}, along the last axis, and likewise of reshapes: what
 * nothing else reads can then join the row program of the reduction, and inputs are only looked at another way.
 */
final class LiftViewsOverElementwise implements LocalRewrite {
    /** How many ops deep views are lifted: no row program takes more. */
    private static final int MAX_DEPTH = 64;

    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Reduce) || ProgramAssembly.wholeOrNull(apply) == null) {
            return null;
        }
        Deque<Op> views = new ArrayDeque<>();
        Tensor value = apply.inputs().get(0);
        while (value.owner() != null && isView(value.owner().op())) {
            if (!views.isEmpty() && !surroundings.isReadOnce(value)) {
                return null;
            }
            views.push(value.owner().op());
            value = value.owner().inputs().get(0);
        }
        if (views.isEmpty() || !canLift(value, List.copyOf(views), surroundings)) {
            return null;
        }
        Tensor lifted = lifted(value, List.copyOf(views), surroundings, MAX_DEPTH);
        boolean isSame = lifted.type().equals(apply.inputs().get(0).type());
        return isSame ? Patterns.ifSameType(apply, Apply.of(apply.op(), lifted).output()) : null;
    }

    private static boolean isView(Op op) {
        return op instanceof Op.DimShuffle || op instanceof Op.Reshape;
    }

    private static boolean canLift(Tensor value, List<Op> views, Surroundings surroundings) {
        Apply owner = value.owner();
        if (owner == null
                || !(owner.op() instanceof Op.Elementwise || owner.op() instanceof Op.Cast)
                || !surroundings.isReadOnce(value)
                || isReduced(value)) {
            return false;
        }
        boolean reshapes = views.stream().anyMatch(Op.Reshape.class::isInstance);
        for (Tensor input : owner.inputs()) {
            boolean isFull = input.shape().equals(value.shape());
            if (!isFull && input.rank() > 0 && (reshapes || isReduced(input))) {
                return false;
            }
        }
        return true;
    }

    // Its row program is where the op belongs, and that runs along the axis as it is.
    private static boolean isReduced(Tensor input) {
        return input.owner() != null
                && ProgramAssembly.wholeOrNull(input.owner()) != null
                && ProgramAssembly.lastDim(input.shape()).isKnown(1);
    }

    /** The value under the views, which are applied to what it is computed of where that can be. */
    private static Tensor lifted(Tensor value, List<Op> views, Surroundings surroundings, int depth) {
        Apply owner = value.owner();
        if (owner == null || depth == 0 || !canLift(value, views, surroundings)) {
            Tensor viewed = value;
            for (Op view : views) {
                viewed = Apply.of(view, viewed).output();
            }
            return viewed;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor input : owner.inputs()) {
            if (input.shape().equals(value.shape())) {
                inputs.add(lifted(input, views, surroundings, depth - 1));
            } else {
                inputs.add(aligned(input, value.shape(), views));
            }
        }
        return Apply.of(owner.op(), inputs).output();
    }

    /** An argument of fewer axes, or of axes of size 1, under dimshuffles of what it is broadcast to. */
    private static Tensor aligned(Tensor input, Shape whole, List<Op> views) {
        if (input.rank() == 0) {
            return input;
        }
        int missing = whole.rank() - input.rank();
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < whole.rank(); axis++) {
            axes.add(axis < missing ? Op.DimShuffle.NEW_AXIS : axis - missing);
        }
        for (Op view : views) {
            List<Integer> next = new ArrayList<>();
            for (int axis : ((Op.DimShuffle) view).order()) {
                next.add(axis == Op.DimShuffle.NEW_AXIS ? axis : axes.get(axis));
            }
            axes = next;
        }
        return LastAxis.shuffled(input, axes);
    }
}
