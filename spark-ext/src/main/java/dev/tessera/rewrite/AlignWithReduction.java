package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code x - transpose(m)} -> {@code transpose(transpose(x) - m)} where {@code m} is one number for each run of a last axis:
 * an op on the result of a reduction over other axes can then join its row program. Where the reduction is over all axes,
 * the other arguments are flattened instead.
 */
final class AlignWithReduction implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Elementwise) && !(apply.op() instanceof Op.Cast)) {
            return null;
        }
        // Else two results of reductions over different axes would be aligned with each other in turn.
        if (apply.inputs().stream().anyMatch(AlignWithReduction::isReduced)) {
            return null;
        }
        for (Tensor input : apply.inputs()) {
            Apply view = input.owner();
            boolean isViewOfReduced = view != null
                    && view.op() instanceof Op.DimShuffle
                    && isReduced(view.inputs().get(0))
                    && surroundings.scope(input) == surroundings.scope(apply.output());
            if (view != null && isViewOfReduced) {
                Tensor reduced = view.inputs().get(0);
                Tensor aligned = reduced.rank() == 1
                        ? flattened(apply, input, reduced)
                        : shuffled(apply, reduced, ((Op.DimShuffle) view.op()).order());
                if (aligned != null) {
                    return Patterns.ifSameType(apply, aligned);
                }
            }
        }
        return null;
    }

    private static boolean isReduced(Tensor value) {
        Apply owner = value.owner();
        return owner != null
                && ProgramAssembly.wholeOrNull(owner) != null
                && value.rank() > 0
                && ProgramAssembly.lastDim(value.shape()).isKnown(1);
    }

    /** The op over one axis, on which a single element is repeated, under the shape that it had. */
    private static @Nullable Tensor flattened(Apply apply, Tensor view, Tensor reduced) {
        Shape whole = apply.output().shape();
        if (whole.rank() == 0 || whole.elementCount().isKnown(1)) {
            return null;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor input : apply.inputs()) {
            boolean isView = input.owner() != null && input.owner().op() instanceof Op.DimShuffle;
            if (input == view) {
                inputs.add(reduced);
            } else if (input.rank() == 0 || (whole.rank() == 1 && input.rank() == 1)) {
                inputs.add(input);
            } else if (input.shape().equals(whole) && !isView) {
                Shape flat = Shape.of(whole.elementCount());
                inputs.add(Apply.of(new Op.Reshape(flat), input).output());
            } else {
                return null;
            }
        }
        Tensor flat = Apply.of(apply.op(), inputs).output();
        return whole.rank() == 1 ? flat : Apply.of(new Op.Reshape(whole), flat).output();
    }

    /** The op over the axes of what was reduced, shuffled as that was. */
    private static @Nullable Tensor shuffled(Apply apply, Tensor reduced, List<Integer> order) {
        int rank = apply.output().rank();
        boolean permutes = order.size() == rank
                && reduced.rank() == rank
                && !order.contains(Op.DimShuffle.NEW_AXIS)
                && order.get(rank - 1) != rank - 1;
        if (!permutes) {
            return null;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor input : apply.inputs()) {
            inputs.add(input.rank() == 0 ? input : unshuffled(input, order));
        }
        return LastAxis.shuffled(Apply.of(apply.op(), inputs).output(), order);
    }

    /** The argument, filled up with leading axes, before the shuffle. */
    private static Tensor unshuffled(Tensor input, List<Integer> order) {
        int missing = order.size() - input.rank();
        List<Integer> inverse = IntStream.range(0, order.size())
                .map(order::indexOf)
                .map(axis -> axis < missing ? Op.DimShuffle.NEW_AXIS : axis - missing)
                .boxed()
                .toList();
        return LastAxis.shuffled(input, inverse);
    }
}
