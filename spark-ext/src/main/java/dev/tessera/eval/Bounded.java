package dev.tessera.eval;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a value should be, and how far from it each element of a right result may be.
 *
 * <p>The bound comes from running error analysis: every op adds its declared accuracy and passes on what its inputs bring.
 * Where the analysis cannot tell (a comparison of values closer than their bounds, an overflow that may or may not
 * happen) the bound is infinite and anything is accepted. The sign of a zero is checked where the zero is exact, and is
 * free after a minimum or maximum.
 */
public final class Bounded {
    private final Value value;

    Bounded(Value value) {
        this.value = value;
    }

    public DType dtype() {
        return value.dtype;
    }

    public long[] sizes() {
        return value.sizes.clone();
    }

    public int elementCount() {
        return value.count();
    }

    /** The expected element as a double. */
    public double expected(int index) {
        return value.number(index);
    }

    /** How far from {@link #expected} the element may be. */
    public double bound(int index) {
        return value.errors[index];
    }

    /** The first element of {@code actual} that is out of bounds, in words, or empty if there is none. */
    public Optional<String> mismatch(HostTensor actual) {
        if (actual.dtype() != value.dtype || !Arrays.equals(actual.sizes(), value.sizes)) {
            return Optional.of("expected %s%s, got %s%s"
                    .formatted(
                            value.dtype,
                            Arrays.toString(value.sizes),
                            actual.dtype(),
                            Arrays.toString(actual.sizes())));
        }
        for (int i = 0; i < value.count(); i++) {
            if (!accepts(i, actual)) {
                return Optional.of("at %s of %s%s: expected %s within %s, got %s"
                        .formatted(
                                Arrays.toString(position(i)),
                                value.dtype,
                                Arrays.toString(value.sizes),
                                value.isReal() ? "" + value.reals[i] : "" + value.integers[i],
                                value.errors[i],
                                value.isReal() ? "" + actual.doubleAt(i) : "" + actual.longAt(i)));
            }
        }
        return Optional.empty();
    }

    private boolean accepts(int index, HostTensor actual) {
        double error = value.errors[index];
        if (error == Double.POSITIVE_INFINITY) {
            return true;
        }
        if (!value.isReal()) {
            long difference = actual.longAt(index) - value.integers[index];
            return error == 0 ? difference == 0 : Math.abs((double) difference) <= error;
        }
        double expected = value.reals[index];
        double got = actual.doubleAt(index);
        if (Double.isNaN(expected) || Double.isInfinite(expected)) {
            return Double.compare(expected, got) == 0 || (Double.isNaN(expected) && Double.isNaN(got));
        }
        if (expected == 0 && error == 0) {
            return Double.compare(expected, got) == 0;
        }
        return Math.abs(got - expected) <= error;
    }

    private long[] position(int index) {
        long[] strides = value.strides();
        long[] position = new long[strides.length];
        long rest = index;
        for (int axis = 0; axis < strides.length; axis++) {
            position[axis] = rest / strides[axis];
            rest %= strides[axis];
        }
        return position;
    }
}
