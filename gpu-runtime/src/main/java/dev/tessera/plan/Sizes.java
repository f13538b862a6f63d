package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What is known of dims: the numbers among them before a row is seen, all of them under a binding. */
final class Sizes {
    /** Before a row is seen. */
    static final Sizes UNBOUND = new Sizes(null);

    /** The largest size, stride and offset: that of the largest tensor of bytes. */
    static final long MAX_SIZE = HostTensor.MAX_SIZE_IN_BYTES;

    // So that products of sizes that a backend forms, whatever their order, do not overflow.
    private static final long MAX_ELEMENTS = 1L << 48;

    private final @Nullable DimBinding binding;

    private Sizes(@Nullable DimBinding binding) {
        this.binding = binding;
    }

    static Sizes of(DimBinding binding) {
        return new Sizes(binding);
    }

    OptionalLong value(Dim dim) {
        if (dim.isKnown()) {
            return OptionalLong.of(dim.size());
        }
        return binding == null ? OptionalLong.empty() : OptionalLong.of(dim.evaluate(binding));
    }

    /** The numbers of dims, or null if one is not known. */
    long @Nullable [] values(List<Dim> dims) {
        long[] values = new long[dims.size()];
        for (int i = 0; i < values.length; i++) {
            OptionalLong value = value(dims.get(i));
            if (value.isEmpty()) {
                return null;
            }
            values[i] = value.getAsLong();
        }
        return values;
    }

    boolean isKnown(Dim dim, long size) {
        OptionalLong value = value(dim);
        return value.isPresent() && value.getAsLong() == size;
    }

    /** Requires a size of an axis or of a slot: not negative, not larger than any tensor. */
    void requireSize(Dim dim, String what) {
        OptionalLong value = value(dim);
        if (value.isPresent() && (value.getAsLong() < 0 || value.getAsLong() > MAX_SIZE)) {
            throw new Refusal(PlanCheck.SHAPE, "%s has size %s".formatted(what, text(dim)));
        }
    }

    /** Requires sizes of axes whose product no order of multiplication overflows, an empty axis or not. */
    void requireSizes(List<Dim> dims, String what) {
        long product = 1;
        for (Dim dim : dims) {
            requireSize(dim, what);
            product *= Math.max(1, value(dim).orElse(1));
            Refusal.require(product <= MAX_ELEMENTS, PlanCheck.BUDGET, () -> "%s has sizes %s".formatted(what, dims));
        }
    }

    /** Requires two dims to have one size; before a row is seen, not to have two. */
    void requireEqual(Dim left, Dim right, String what) {
        if (differ(left, right)) {
            throw new Refusal(PlanCheck.SHAPE, "%s: %s is not %s".formatted(what, text(left), text(right)));
        }
    }

    void requireEqual(List<Dim> left, List<Dim> right, String what) {
        Refusal.require(
                left.size() == right.size(), PlanCheck.SHAPE, () -> "%s: %s is not %s".formatted(what, left, right));
        for (int axis = 0; axis < left.size(); axis++) {
            requireEqual(left.get(axis), right.get(axis), what);
        }
    }

    boolean differ(Dim left, Dim right) {
        if (left.equals(right)) {
            return false;
        }
        OptionalLong leftSize = value(left);
        OptionalLong rightSize = value(right);
        if (leftSize.isPresent() && rightSize.isPresent()) {
            return leftSize.getAsLong() != rightSize.getAsLong();
        }
        return SymbolicSign.differ(left, right);
    }

    /** A dim as it is written, and its size if that says more. */
    String text(Dim dim) {
        OptionalLong value = value(dim);
        return dim.isKnown() || value.isEmpty() ? dim.toString() : dim + " = " + value.getAsLong();
    }
}
