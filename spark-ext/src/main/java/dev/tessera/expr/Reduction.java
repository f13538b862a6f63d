package dev.tessera.expr;

import java.util.Locale;

/** The words that reduce over axes and take {@code axis} and {@code keepdims}. */
public enum Reduction {
    SUM,
    PROD,
    MEAN,
    MAX,
    MIN,
    ANY,
    ALL,
    /** Takes one axis, or all. */
    ARGMAX,
    /** Takes one axis, or all. */
    ARGMIN,
    LOGSUMEXP,
    /** The Euclidean norm, of the elements over all the axes together. */
    NORM,
    VAR,
    STD;

    /**
     * This over some axes of {@code x}, which keep size 1 if {@code keepDims}.
     *
     * @throws TensorTypeException if an axis is out of range or given twice, or if there is nothing to take the maximum
     *     or minimum of
     */
    public Tensor of(Tensor x, Axes axes, boolean keepDims) {
        return ReductionWords.reduce(this, x, axes, keepDims);
    }

    /** NumPy's name. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
