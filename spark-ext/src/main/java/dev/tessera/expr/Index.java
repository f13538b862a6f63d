package dev.tessera.expr;

import org.jspecify.annotations.Nullable;

/** One entry between the brackets of NumPy's basic indexing, {@code x[0, 1:-1, None, ...]}. */
public sealed interface Index {
    /** NumPy's {@code :}. */
    Index ALL = new Range(null, null, 1);

    /** NumPy's {@code ...}: as many {@link #ALL} as the tensor has axes left. */
    Index ELLIPSIS = Mark.ELLIPSIS;

    /** NumPy's {@code None}: a new axis of size 1. */
    Index NEW_AXIS = Mark.NEW_AXIS;

    /** The element at a position, counted from the end if negative; the axis is dropped. */
    record At(long position) implements Index {}

    /** NumPy's {@code start:stop:step}, clipped to the axis; null where it is left out. The step is not 0. */
    record Range(@Nullable Long start, @Nullable Long stop, long step) implements Index {
        public Range {
            if (step == 0) {
                throw new TensorTypeException(
                        "Cannot slice by step 0: use a positive step, or a negative one to reverse");
            }
        }

        /** This with another step. */
        public Range step(long newStep) {
            return new Range(start, stop, newStep);
        }
    }

    /** The entries that stand for no one axis. */
    enum Mark implements Index {
        ELLIPSIS,
        NEW_AXIS
    }

    static Index at(long position) {
        return new At(position);
    }

    /** NumPy's {@code start:stop}. */
    static Range range(long start, long stop) {
        return new Range(start, stop, 1);
    }

    /** NumPy's {@code start:}. */
    static Range from(long start) {
        return new Range(start, null, 1);
    }

    /** NumPy's {@code :stop}. */
    static Range to(long stop) {
        return new Range(null, stop, 1);
    }

    /** NumPy's {@code ::step}. */
    static Range every(long step) {
        return new Range(null, null, step);
    }
}
