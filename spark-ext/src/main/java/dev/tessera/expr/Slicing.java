package dev.tessera.expr;

import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** NumPy's basic indexing: the bounds of each range clipped to its axis, known or as expressions of an unknown dim. */
final class Slicing {
    private final Tensor x;
    private final List<Index> indices;
    private final List<Op.Slice.Range> ranges = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();

    private Slicing(Tensor x, List<Index> indices) {
        this.x = x;
        this.indices = indices;
    }

    static Tensor slice(Tensor x, List<Index> indices) {
        Slicing slicing = new Slicing(Promotion.strong(x), indices);
        slicing.expanded().forEach(slicing::add);
        return slicing.result();
    }

    private List<Index> expanded() {
        long axes = indices.stream().filter(i -> !(i instanceof Index.Mark)).count();
        int ellipses = Collections.frequency(indices, Index.ELLIPSIS);
        if (ellipses > 1) {
            throw error("at most one ellipsis");
        }
        if (axes > x.rank()) {
            throw error("%d indices for %d axes".formatted(axes, x.rank()));
        }
        List<Index> rest = Collections.nCopies((int) (x.rank() - axes), Index.ALL);
        List<Index> expanded = new ArrayList<>(indices);
        int at = ellipses == 1 ? expanded.indexOf(Index.ELLIPSIS) : expanded.size();
        if (ellipses == 1) {
            expanded.remove(at);
        }
        expanded.addAll(at, rest);
        return expanded;
    }

    private void add(Index index) {
        if (index == Index.NEW_AXIS) {
            order.add(Op.DimShuffle.NEW_AXIS);
            return;
        }
        int axis = ranges.size();
        Dim size = x.shape().dim(axis);
        if (index instanceof Index.At at) {
            ranges.add(element(at.position(), axis, size));
            return;
        }
        Index.Range range = (Index.Range) index;
        ranges.add(range.step() > 0 ? forward(range, size) : backward(range, size));
        order.add(axis);
    }

    private Op.Slice.Range element(long position, int axis, Dim size) {
        if (size.isKnown() && (position >= size.size() || position < -size.size())) {
            throw error("position %d is out of range for axis %d of size %s".formatted(position, axis, size));
        }
        Dim start = position < 0 ? size.plus(position) : Dim.of(position);
        return new Op.Slice.Range(start, Dim.ONE, 1);
    }

    private static Op.Slice.Range forward(Index.Range range, Dim size) {
        Long start = range.start();
        Long stop = range.stop();
        Dim first = start == null ? Dim.ZERO : start >= 0 ? minimum(Dim.of(start), size) : fromEnd(size, start);
        Dim span = span(start == null ? 0 : start, stop, size);
        return range(first, span, range.step());
    }

    /** How many positions lie from start to stop; written so that slices of one length have one form. */
    private static Dim span(long start, @Nullable Long stop, Dim size) {
        if (start >= 0) {
            Dim end = stop == null ? size : stop >= 0 ? minimum(Dim.of(stop), size) : size.plus(stop);
            return nonNegative(end.plus(-start), start == 0 && (stop == null || stop >= 0));
        }
        if (stop == null) {
            return minimum(Dim.of(start).times(-1), size);
        }
        Dim end = stop >= 0 ? minimum(Dim.of(stop), size) : fromEnd(size, stop);
        return nonNegative(end.minus(fromEnd(size, start)), false);
    }

    private static Op.Slice.Range backward(Index.Range range, Dim size) {
        Dim last = size.plus(-1);
        Long start = range.start();
        Long stop = range.stop();
        Dim first = start == null
                ? last
                : start >= 0 ? Dim.min(Dim.of(start), last) : Dim.max(size.plus(start), Dim.of(-1));
        Dim end = stop == null
                ? Dim.of(-1)
                : stop >= 0 ? minimum(Dim.of(stop), last) : Dim.max(size.plus(stop), Dim.of(-1));
        Dim span = nonNegative(first.minus(end), stop == null);
        return range(nonNegative(first, false), span, range.step());
    }

    private static Op.Slice.Range range(Dim first, Dim span, long step) {
        Dim length = step == 1 || step == -1 ? span : span.ceilDivide(Math.abs(step));
        return new Op.Slice.Range(length.isKnown(0) ? Dim.ZERO : first, length, step);
    }

    private static Dim fromEnd(Dim size, long negative) {
        return nonNegative(size.plus(negative), false);
    }

    private static Dim nonNegative(Dim dim, boolean isSure) {
        return isSure ? dim : Dim.max(Dim.ZERO, dim);
    }

    private static Dim minimum(Dim left, Dim right) {
        return left.isKnown(0) ? left : Dim.min(left, right);
    }

    private Tensor result() {
        boolean whole = true;
        for (int axis = 0; axis < ranges.size(); axis++) {
            Op.Slice.Range range = ranges.get(axis);
            whole &= range.step() == 1 && range.length().equals(x.shape().dim(axis));
        }
        Tensor sliced = whole ? x : Apply.of(new Op.Slice(ranges), x).output();
        return ShapeWords.dimshuffle(sliced, order);
    }

    private TensorTypeException error(String why) {
        return TypeErrors.of("slice", List.of(x), why);
    }
}
