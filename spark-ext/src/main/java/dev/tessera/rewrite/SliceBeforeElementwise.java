package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code exp(x)[a:b]} -> {@code exp(x[a:b])}, and likewise of other element-wise ops and casts, when nothing else reads their
 * result: what is cut away is not computed.
 */
final class SliceBeforeElementwise implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Slice slice)) {
            return null;
        }
        Tensor value = apply.inputs().get(0);
        Apply below = value.owner();
        boolean isElementwise =
                below != null && (below.op() instanceof Op.Elementwise || below.op() instanceof Op.Cast);
        if (below == null || !isElementwise || !takesLess(slice, value) || !surroundings.isReadOnce(value)) {
            return null;
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor input : below.inputs()) {
            inputs.add(input.rank() == 0 ? input : sliced(input, slice));
        }
        return Patterns.ifSameType(apply, Apply.of(below.op(), inputs).output());
    }

    /** Not so of a slice that only changes the order. */
    private static boolean takesLess(Op.Slice slice, Tensor value) {
        for (int axis = 0; axis < value.rank(); axis++) {
            if (!slice.ranges().get(axis).length().equals(value.shape().dim(axis))) {
                return true;
            }
        }
        return false;
    }

    /** The same elements of an argument, all of those that are repeated. */
    private static Tensor sliced(Tensor input, Op.Slice slice) {
        int missing = slice.ranges().size() - input.rank();
        List<Op.Slice.Range> ranges = new ArrayList<>();
        for (int axis = 0; axis < input.rank(); axis++) {
            Op.Slice.Range range = slice.ranges().get(axis + missing);
            boolean isRepeated =
                    input.shape().dim(axis).isKnown(1) && !range.length().isKnown(0);
            ranges.add(isRepeated ? new Op.Slice.Range(Dim.ZERO, Dim.ONE, 1) : range);
        }
        return Apply.of(new Op.Slice(ranges), input).output();
    }
}
