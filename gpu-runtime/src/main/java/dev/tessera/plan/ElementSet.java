package dev.tessera.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The elements of a view that is not empty: {@code first} plus any multiple of each stride below its length. Strides are
 * positive, the largest first.
 */
record ElementSet(long first, List<Axis> axes) {
    /** Steps of {@code stride}, more than one. */
    record Axis(long length, long stride) {
        long reach() {
            return Math.multiplyExact(length - 1, stride);
        }
    }

    ElementSet {
        axes = List.copyOf(axes);
    }

    static ElementSet of(long offset, long[] dims, long[] strides) {
        long first = offset;
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] > 1 && strides[i] != 0) {
                Axis axis = new Axis(dims[i], Math.abs(strides[i]));
                axes.add(axis);
                first = strides[i] < 0 ? Math.subtractExact(first, axis.reach()) : first;
            }
        }
        axes.sort(Comparator.comparingLong(Axis::stride).reversed());
        return new ElementSet(first, axes);
    }

    /** How far the last element is from the first. */
    long reach() {
        long reach = 0;
        for (Axis axis : axes) {
            reach = Math.addExact(reach, axis.reach());
        }
        return reach;
    }

    long last() {
        return Math.addExact(first, reach());
    }

    /** Whether every stride steps over all that the smaller ones reach, so that no element is met twice. */
    boolean isNested() {
        long reach = 0;
        for (int i = axes.size() - 1; i >= 0; i--) {
            if (axes.get(i).stride() <= reach) {
                return false;
            }
            reach = Math.addExact(reach, axes.get(i).reach());
        }
        return true;
    }

    /** This along all axes but the {@code index}-th. */
    ElementSet without(int index) {
        List<Axis> rest = new ArrayList<>(axes);
        rest.remove(index);
        return new ElementSet(first, rest);
    }
}
