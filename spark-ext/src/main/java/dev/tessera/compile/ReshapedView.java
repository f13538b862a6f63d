package dev.tessera.compile;

import dev.tessera.plan.Operand;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view under another shape without a copy: old and new axes are paired off in groups of equal element count, and within
 * a group the old axes must be laid out as one. Works on symbolic dims, where equal means equal as expressions.
 */
final class ReshapedView {
    private final Operand view;
    private final List<Dim> oldDims = new ArrayList<>();
    private final List<Dim> oldStrides = new ArrayList<>();
    private final List<Dim> newDims;
    private final Dim[] newStrides;

    ReshapedView(Operand view, Shape shape) {
        this.view = view;
        for (int axis = 0; axis < view.rank(); axis++) {
            if (!view.dims().get(axis).isKnown(1)) {
                oldDims.add(view.dims().get(axis));
                oldStrides.add(view.strides().get(axis));
            }
        }
        this.newDims = shape.dims();
        this.newStrides = new Dim[shape.rank()];
    }

    @Nullable
    Operand operand() {
        boolean isEmpty = newDims.stream().anyMatch(dim -> dim.isKnown(0));
        if (isEmpty || view.isContiguous()) {
            return new Operand(view.slot(), view.offset(), newDims, new Shape(newDims).rowMajorStrides());
        }
        int oldEnd = oldDims.size();
        int newEnd = newDims.size();
        while (newEnd > 0) {
            int oldStart = oldEnd;
            int newStart = newEnd - 1;
            while (!count(oldDims, oldStart, oldEnd).equals(count(newDims, newStart, newEnd))) {
                boolean oldIsSmaller = isSmaller(count(oldDims, oldStart, oldEnd), count(newDims, newStart, newEnd));
                if (oldIsSmaller ? oldStart == 0 : newStart == 0) {
                    return null;
                }
                oldStart -= oldIsSmaller ? 1 : 0;
                newStart -= oldIsSmaller ? 0 : 1;
            }
            if (!isLaidOutAsOne(oldStart, oldEnd)) {
                return null;
            }
            fillStrides(newStart, newEnd, oldEnd == oldStart ? Dim.ZERO : oldStrides.get(oldEnd - 1));
            oldEnd = oldStart;
            newEnd = newStart;
        }
        return oldEnd == 0 ? new Operand(view.slot(), view.offset(), newDims, List.of(newStrides)) : null;
    }

    private static Dim count(List<Dim> dims, int start, int end) {
        return Shape.product(dims.subList(start, end));
    }

    /** Whether the first count must take in another axis to reach the second; a guess where neither is provable. */
    private static boolean isSmaller(Dim left, Dim right) {
        if (left.isKnown() && right.isKnown()) {
            return left.size() < right.size();
        }
        return left.names().size() < right.names().size()
                || (left.names().size() == right.names().size()
                        && left.toString().length() <= right.toString().length());
    }

    private boolean isLaidOutAsOne(int start, int end) {
        for (int axis = start; axis < end - 1; axis++) {
            Dim expected = oldStrides.get(axis + 1).times(oldDims.get(axis + 1));
            if (!oldStrides.get(axis).equals(expected)) {
                return false;
            }
        }
        return true;
    }

    private void fillStrides(int start, int end, Dim innermost) {
        Dim stride = innermost;
        for (int axis = end - 1; axis >= start; axis--) {
            newStrides[axis] = stride;
            stride = stride.times(newDims.get(axis));
        }
    }
}
