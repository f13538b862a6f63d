package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.List;

/**
 * A strided view of a slot: where it starts, how long each axis is, and how far apart neighbours are, all in elements.
 *
 * <p>A slice, a transpose and a broadcast (stride 0) are views and copy nothing. The row axis of a ROW slot is implicit
 * and comes before the axes listed here. Strides may be negative (a reversed slice).
 */
public record Operand(int slot, Dim offset, List<Dim> dims, List<Dim> strides) {
    /** The highest rank of an operand: that of a value, plus the axes that a lowering may split off. */
    public static final int MAX_RANK = Shape.MAX_RANK + 2;

    public Operand {
        dims = List.copyOf(dims);
        strides = List.copyOf(strides);
        if (dims.size() != strides.size() || dims.size() > MAX_RANK) {
            throw new IllegalArgumentException("Cannot view slot %d: %d dims and %d strides, at most %d"
                    .formatted(slot, dims.size(), strides.size(), MAX_RANK));
        }
    }

    /** All of a slot, row-major, as a tensor of {@code shape}. */
    public static Operand contiguous(int slot, Shape shape) {
        return new Operand(slot, Dim.ZERO, shape.dims(), shape.rowMajorStrides());
    }

    public int rank() {
        return dims.size();
    }

    public Shape shape() {
        return new Shape(dims);
    }

    /** Whether this is row-major without gaps, wherever it starts. Axes of size 1 may have any stride. */
    public boolean isContiguous() {
        List<Dim> expected = shape().rowMajorStrides();
        for (int axis = 0; axis < rank(); axis++) {
            if (!dims.get(axis).isKnown(1) && !strides.get(axis).equals(expected.get(axis))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        String view = isContiguous() && offset.isKnown(0) ? "" : " offset " + offset + " strides " + strides;
        return "s" + slot + dims + view;
    }
}
