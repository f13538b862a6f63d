package dev.tessera.cpu.memory;

import dev.tessera.plan.Operand;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.Arrays;
import java.util.List;

/** An operand with its sizes known: a slot, and which of its elements, for one row. Immutable. */
public final class StridedView {
    private final int slot;
    private final long offset;
    private final long[] dims;
    private final long[] strides;

    private StridedView(int slot, long offset, long[] dims, long[] strides) {
        this.slot = slot;
        this.offset = offset;
        this.dims = dims;
        this.strides = strides;
    }

    /** The view of {@code operand} under {@code binding}. */
    public static StridedView of(Operand operand, DimBinding binding) {
        return new StridedView(
                operand.slot(),
                operand.offset().evaluate(binding),
                evaluate(operand.dims(), binding),
                evaluate(operand.strides(), binding));
    }

    /** All of a slot, row-major. */
    public static StridedView contiguous(int slot, long[] dims) {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return new StridedView(slot, 0, dims.clone(), strides);
    }

    private static long[] evaluate(List<Dim> dims, DimBinding binding) {
        return dims.stream().mapToLong(dim -> dim.evaluate(binding)).toArray();
    }

    public int slot() {
        return slot;
    }

    public long offset() {
        return offset;
    }

    public int rank() {
        return dims.length;
    }

    public long dim(int axis) {
        return dims[axis];
    }

    public long stride(int axis) {
        return strides[axis];
    }

    public long[] dims() {
        return dims.clone();
    }

    public long elementCount() {
        long count = 1;
        for (long dim : dims) {
            count *= dim;
        }
        return count;
    }

    /** Whether this is row-major without gaps, wherever it starts. */
    public boolean isContiguous() {
        long expected = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            if (dims[axis] != 1 && strides[axis] != expected) {
                return false;
            }
            expected *= dims[axis];
        }
        return true;
    }

    /** This with its last two axes in each other's place. */
    public StridedView swapLast() {
        long[] swappedDims = dims.clone();
        long[] swappedStrides = strides.clone();
        int last = dims.length - 1;
        swappedDims[last] = dims[last - 1];
        swappedDims[last - 1] = dims[last];
        swappedStrides[last] = strides[last - 1];
        swappedStrides[last - 1] = strides[last];
        return new StridedView(slot, offset, swappedDims, swappedStrides);
    }

    @Override
    public String toString() {
        return "s%d offset %d dims %s strides %s"
                .formatted(slot, offset, Arrays.toString(dims), Arrays.toString(strides));
    }
}
