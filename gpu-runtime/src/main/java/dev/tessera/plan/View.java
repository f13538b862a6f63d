package dev.tessera.plan;

import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An operand with all its sizes known: which elements of its slot it is, exactly. */
final class View {
    private final int slot;
    private final long offset;
    private final long[] dims;
    private final long[] strides;

    private View(int slot, long offset, long[] dims, long[] strides) {
        this.slot = slot;
        this.offset = offset;
        this.dims = dims;
        this.strides = strides;
    }

    /** The view of an operand, or null if a size of it is not known. */
    static @Nullable View of(Operand operand, Sizes sizes) {
        OptionalLong offset = sizes.value(operand.offset());
        long[] dims = sizes.values(operand.dims());
        long[] strides = sizes.values(operand.strides());
        if (offset.isEmpty() || dims == null || strides == null) {
            return null;
        }
        requireMagnitude(offset.getAsLong(), "offset");
        for (long stride : strides) {
            requireMagnitude(stride, "stride");
        }
        return new View(operand.slot(), offset.getAsLong(), dims, strides);
    }

    private static void requireMagnitude(long value, String what) {
        Refusal.require(
                value >= -Sizes.MAX_SIZE && value <= Sizes.MAX_SIZE,
                PlanCheck.BOUNDS,
                () -> "%s %d".formatted(what, value));
    }

    int slot() {
        return slot;
    }

    boolean isEmpty() {
        return Arrays.stream(dims).anyMatch(d -> d == 0);
    }

    /** Requires a view that touches elements to stay within a slot of {@code elementCount}. */
    void requireWithin(long elementCount) {
        if (isEmpty()) {
            return;
        }
        ElementSet elements = elements();
        Refusal.require(
                elements.first() >= 0 && elements.last() < elementCount,
                PlanCheck.BOUNDS,
                () -> "elements %d to %d of slot %d, which has %d"
                        .formatted(elements.first(), elements.last(), slot, elementCount));
    }

    /** Requires that no two indices are one element. Of some interleaved views that are so, it cannot tell. */
    void requireDistinctElements() {
        boolean repeats = false;
        for (int axis = 0; axis < dims.length; axis++) {
            repeats |= dims[axis] > 1 && strides[axis] == 0;
        }
        Refusal.require(
                isEmpty() || (!repeats && elements().isNested()),
                PlanCheck.OVERLAP,
                () -> "what is written to slot %d, dims %s strides %s, meets itself"
                        .formatted(slot, Arrays.toString(dims), Arrays.toString(strides)));
    }

    /** Whether this and {@code other} share an element. */
    boolean meets(View other, OverlapSearch search) {
        return slot == other.slot && !isEmpty() && !other.isEmpty() && search.meet(elements(), other.elements());
    }

    /** Whether every index is the same element in this and in {@code other}. */
    boolean isSameAs(View other) {
        if (slot != other.slot || offset != other.offset || !Arrays.equals(dims, other.dims)) {
            return false;
        }
        for (int axis = 0; axis < dims.length; axis++) {
            if (dims[axis] > 1 && strides[axis] != other.strides[axis]) {
                return false;
            }
        }
        return true;
    }

    private ElementSet elements() {
        return ElementSet.of(offset, dims, strides);
    }
}
