package dev.tessera.cpu.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * The axes that several views are walked along together, with the stride of each view along each axis. Axes of size 1 are
 * left out, and neighbours that every view lays out as one are one. Changed only while it is built, by one thread.
 */
public final class AxisNest {
    private final List<Long> dims = new ArrayList<>();
    private final List<long[]> strides = new ArrayList<>();
    private final int viewCount;
    private boolean isEmpty;

    public AxisNest(int viewCount) {
        this.viewCount = viewCount;
    }

    /** Adds an axis inside those there are, {@code along} being the stride of each view. */
    public void add(long dim, long... along) {
        if (dim == 1) {
            return;
        }
        isEmpty |= dim == 0;
        int last = dims.size() - 1;
        if (last >= 0 && isOneWith(strides.get(last), dim, along)) {
            dims.set(last, dims.get(last) * dim);
            strides.set(last, along.clone());
        } else {
            dims.add(dim);
            strides.add(along.clone());
        }
    }

    private boolean isOneWith(long[] outer, long dim, long[] inner) {
        for (int view = 0; view < viewCount; view++) {
            if (outer[view] != inner[view] * dim) {
                return false;
            }
        }
        return true;
    }

    public int rank() {
        return dims.size();
    }

    /** Whether there is nothing to walk, an axis having size 0. */
    public boolean isEmpty() {
        return isEmpty;
    }

    public long dim(int axis) {
        return dims.get(axis);
    }

    public long stride(int view, int axis) {
        return strides.get(axis)[view];
    }

    /** Takes the innermost axis out; there must be one. */
    public void removeInnermost() {
        dims.remove(dims.size() - 1);
        strides.remove(strides.size() - 1);
    }

    /** Makes {@code axis} the innermost. */
    public void moveInnermost(int axis) {
        dims.add(dims.remove(axis));
        strides.add(strides.remove(axis));
    }

    /** Calls {@code body} at every index of all axes but the innermost {@code inner}, with where each view then is. */
    public void forEach(int inner, long[] offsets, Body body) {
        if (!isEmpty) {
            walk(0, rank() - inner, offsets.clone(), body);
        }
    }

    private void walk(int axis, int end, long[] at, Body body) {
        if (axis == end) {
            body.at(at);
            return;
        }
        long[] along = strides.get(axis);
        long dim = dims.get(axis);
        for (long i = 0; i < dim; i++) {
            walk(axis + 1, end, at, body);
            for (int view = 0; view < viewCount; view++) {
                at[view] += along[view];
            }
        }
        for (int view = 0; view < viewCount; view++) {
            at[view] -= along[view] * dim;
        }
    }

    /** What is done at an index. */
    @FunctionalInterface
    public interface Body {
        /** {@code at} is the element of each view, and changes as soon as this returns. */
        void at(long[] at);
    }
}
