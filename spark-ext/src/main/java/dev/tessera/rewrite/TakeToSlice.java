package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code take(x, [0, 2, 4])} -> {@code x[0:5:2]}: constant positions that are evenly spaced, and which an axis of known size has,
 * are a view and no copy. A single position drops the axis.
 */
final class TakeToSlice implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Take op)
                || !(apply.inputs().get(1) instanceof Constant constant)
                || constant.rank() > 1
                || constant.value().elementCount() == 0) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        Op.Slice.Range range = rangeOrNull(constant.value(), x.shape().dim(op.axis()));
        if (range == null) {
            return null;
        }
        List<Op.Slice.Range> ranges = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            ranges.add(
                    axis == op.axis()
                            ? range
                            : new Op.Slice.Range(Dim.ZERO, x.shape().dim(axis), 1));
            if (axis != op.axis() || constant.rank() == 1) {
                order.add(axis);
            }
        }
        Tensor taken = Apply.of(new Op.Slice(ranges), x).output();
        return Patterns.ifSameType(apply, LastAxis.shuffled(taken, order));
    }

    private static Op.Slice.@Nullable Range rangeOrNull(HostTensor positions, Dim size) {
        if (!size.isKnown()) {
            return null;
        }
        long count = positions.elementCount();
        long first = fromStart(positions.longAt(0), size.size());
        long step = count == 1 ? 1 : fromStart(positions.longAt(1), size.size()) - first;
        for (long i = 0; i < count; i++) {
            long position = fromStart(positions.longAt(i), size.size());
            if (position < 0 || position >= size.size() || position != first + i * step) {
                return null;
            }
        }
        return step == 0 ? null : new Op.Slice.Range(Dim.of(first), Dim.of(count), step);
    }

    private static long fromStart(long position, long size) {
        return position < 0 ? position + size : position;
    }
}
