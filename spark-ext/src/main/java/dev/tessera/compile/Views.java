package dev.tessera.compile;

import dev.tessera.expr.Op;
import dev.tessera.plan.Operand;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ops that only look at the same elements in another way, as functions from view to view. */
final class Views {
    private Views() {}

    /** Result axis i is axis {@code order[i]} of the view, or a new axis of size 1. */
    static Operand dimShuffle(Operand view, List<Integer> order) {
        List<Dim> dims = new ArrayList<>();
        List<Dim> strides = new ArrayList<>();
        for (int axis : order) {
            boolean isNew = axis == Op.DimShuffle.NEW_AXIS;
            dims.add(isNew ? Dim.ONE : view.dims().get(axis));
            strides.add(isNew ? Dim.ZERO : view.strides().get(axis));
        }
        return new Operand(view.slot(), view.offset(), dims, strides);
    }

    /** The view repeated, with stride 0, where it has no axis or one of size 1 and {@code shape} has another. */
    static Operand broadcast(Operand view, Shape shape) {
        return broadcast(view, shape.dims());
    }

    static Operand broadcast(Operand view, List<Dim> dims) {
        List<Dim> strides = new ArrayList<>();
        int missing = dims.size() - view.rank();
        for (int axis = 0; axis < dims.size(); axis++) {
            boolean repeats = axis < missing || view.dims().get(axis - missing).isKnown(1);
            strides.add(repeats ? Dim.ZERO : view.strides().get(axis - missing));
        }
        return new Operand(view.slot(), view.offset(), dims, strides);
    }

    /** The view with its axes' sizes under other names for the same numbers. */
    static Operand withDims(Operand view, List<Dim> dims) {
        return new Operand(view.slot(), view.offset(), dims, view.strides());
    }

    static Operand slice(Operand view, List<Op.Slice.Range> ranges) {
        Dim offset = view.offset();
        List<Dim> dims = new ArrayList<>();
        List<Dim> strides = new ArrayList<>();
        for (int axis = 0; axis < ranges.size(); axis++) {
            Op.Slice.Range range = ranges.get(axis);
            Dim stride = view.strides().get(axis);
            offset = offset.plus(range.start().times(stride));
            dims.add(range.length());
            strides.add(stride.times(range.step()));
        }
        return new Operand(view.slot(), offset, dims, strides);
    }

    /** The elements of the view whose positions on two axes are (i, i + offset); {@code length} is how many there are. */
    static Operand diagonal(Operand view, Op.Diagonal op, Dim length) {
        Dim stride1 = view.strides().get(op.axis1());
        Dim stride2 = view.strides().get(op.axis2());
        Dim offset = view.offset()
                .plus(stride1.times(Math.max(0, -op.offset())))
                .plus(stride2.times(Math.max(0, op.offset())));
        List<Dim> dims = new ArrayList<>();
        List<Dim> strides = new ArrayList<>();
        for (int axis = 0; axis < view.rank(); axis++) {
            if (axis != op.axis1() && axis != op.axis2()) {
                dims.add(view.dims().get(axis));
                strides.add(view.strides().get(axis));
            }
        }
        dims.add(length);
        strides.add(stride1.plus(stride2));
        return new Operand(view.slot(), offset, dims, strides);
    }

    /** The view with its last two axes exchanged. */
    static Operand transposeMatrices(Operand view) {
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < view.rank() - 2; axis++) {
            order.add(axis);
        }
        order.add(view.rank() - 1);
        order.add(view.rank() - 2);
        return dimShuffle(view, order);
    }

    /** The view with {@code axis} moved to the end. */
    static Operand moveAxisLast(Operand view, int axis) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < view.rank(); i++) {
            if (i != axis) {
                order.add(i);
            }
        }
        order.add(axis);
        return dimShuffle(view, order);
    }

    /** The same elements in row-major order under another shape, or null if only a copy can give them. */
    static @Nullable Operand reshape(Operand view, Shape shape) {
        return new ReshapedView(view, shape).operand();
    }
}
