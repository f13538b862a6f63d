package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code concatenate((x, y))[a:b]} -> {@code x[a:b]}: a slice of a concatenation that only takes of one of its parts, all of known
 * sizes up to there, is a slice of that. A part that is not taken must not be one that makes rows bad.
 */
final class SliceConcatToPart implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Slice slice) || surroundings.hasBadRows()) {
            return null;
        }
        Apply below = apply.inputs().get(0).owner();
        if (below == null || !(below.op() instanceof Op.Concat concat)) {
            return null;
        }
        Op.Slice.Range range = slice.ranges().get(concat.axis());
        if (!range.start().isKnown()
                || !range.length().isKnown()
                || range.length().isKnown(0)) {
            return null;
        }
        long start = range.start().size();
        long last = start + (range.length().size() - 1) * range.step();
        long from = 0;
        for (Tensor part : below.inputs()) {
            if (!part.shape().dim(concat.axis()).isKnown()) {
                return null;
            }
            long to = from + part.shape().dim(concat.axis()).size();
            if (Math.min(start, last) >= from && Math.max(start, last) < to) {
                return Patterns.ifSameType(apply, slice(part, slice, concat.axis(), from));
            }
            from = to;
        }
        return null;
    }

    private static Tensor slice(Tensor part, Op.Slice slice, int axis, long from) {
        List<Op.Slice.Range> ranges = new ArrayList<>(slice.ranges());
        Op.Slice.Range range = ranges.get(axis);
        ranges.set(axis, new Op.Slice.Range(range.start().plus(-from), range.length(), range.step()));
        return Apply.of(new Op.Slice(ranges), part).output();
    }
}
