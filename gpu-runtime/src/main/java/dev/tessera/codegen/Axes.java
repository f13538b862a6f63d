package dev.tessera.codegen;

import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/** A nest of axes, outermost first, with a stride in elements for each of several operands; merged as far as strides allow. */
final class Axes {
    /** An axis and how far apart neighbours along it are, for each operand. */
    record Axis(Dim size, List<Dim> strides) {
        Axis {
            strides = List.copyOf(strides);
        }

        private boolean isOutside(Axis inner) {
            for (int i = 0; i < strides.size(); i++) {
                if (!strides.get(i).equals(inner.strides.get(i).times(inner.size))) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Axis> axes;

    private Axes(List<Axis> axes) {
        this.axes = List.copyOf(axes);
    }

    /** Axes as they are. */
    static Axes of(List<Axis> axes) {
        return new Axes(axes);
    }

    /** Axes of size 1 are left out, and an axis is merged with the next where one stride serves both. */
    static Axes merged(List<Axis> axes) {
        List<Axis> merged = new ArrayList<>();
        for (Axis axis : axes) {
            int last = merged.size() - 1;
            if (axis.size().isKnown(1)) {
                continue;
            }
            if (last >= 0 && merged.get(last).isOutside(axis)) {
                merged.set(last, new Axis(merged.get(last).size().times(axis.size()), axis.strides()));
            } else {
                merged.add(axis);
            }
        }
        return new Axes(merged);
    }

    int rank() {
        return axes.size();
    }

    Axis axis(int index) {
        return axes.get(index);
    }

    /** How many indices there are. */
    Dim count() {
        Dim count = Dim.ONE;
        for (Axis axis : axes) {
            count = count.times(axis.size());
        }
        return count;
    }
}
