package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code x[a:][b:]} -> {@code x[a + b:]}: a slice of a slice becomes one, and one that takes all goes.
 */
final class CollapseSlices implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Slice outer)) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        if (isWhole(outer, x)) {
            return x;
        }
        Apply below = x.owner();
        if (below == null || !(below.op() instanceof Op.Slice inner)) {
            return null;
        }
        List<Op.Slice.Range> ranges = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            Op.Slice.Range first = inner.ranges().get(axis);
            Op.Slice.Range then = outer.ranges().get(axis);
            ranges.add(new Op.Slice.Range(
                    first.start().plus(then.start().times(first.step())),
                    then.length(),
                    Math.multiplyExact(first.step(), then.step())));
        }
        return Apply.of(new Op.Slice(ranges), below.inputs().get(0)).output();
    }

    private static boolean isWhole(Op.Slice slice, Tensor x) {
        for (int axis = 0; axis < x.rank(); axis++) {
            Op.Slice.Range range = slice.ranges().get(axis);
            if (!range.start().isKnown(0)
                    || range.step() != 1
                    || !range.length().equals(x.shape().dim(axis))) {
                return false;
            }
        }
        return true;
    }
}
