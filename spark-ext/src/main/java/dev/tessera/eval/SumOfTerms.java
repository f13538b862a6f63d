package dev.tessera.eval;

import dev.tessera.tensor.DType;

/**
 * A sum of floats, and how far one that a backend adds in any order, rounding as its dtype does, may be from it: within
 * {@code c * n * u} of the sum of magnitudes. Compensated, so that its own error is negligible. Not thread-safe.
 */
final class SumOfTerms {
    private final DType dtype;
    private final int roundingsPerTerm;
    private double sum;
    private double compensation;
    private double specials;
    private boolean hasSpecials;
    private double magnitude;
    private double errors;
    private long count;

    SumOfTerms(DType dtype, int roundingsPerTerm) {
        this.dtype = dtype;
        this.roundingsPerTerm = roundingsPerTerm;
    }

    /** A running sum, which is the first term before there is another: -0 stays -0. */
    static SumOfTerms running(DType dtype, int roundingsPerTerm) {
        SumOfTerms terms = new SumOfTerms(dtype, roundingsPerTerm);
        terms.sum = -0.0;
        return terms;
    }

    /** Adds a term that may be off by {@code error}. */
    void add(double term, double error) {
        count++;
        errors += error;
        if (!Double.isFinite(term)) {
            specials = hasSpecials ? specials + term : term;
            hasSpecials = true;
            return;
        }
        magnitude += Math.abs(term);
        double next = sum + term;
        compensation += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
        sum = next;
    }

    double value() {
        if (hasSpecials) {
            return specials;
        }
        return compensation != 0 && Double.isFinite(compensation) ? sum + compensation : sum;
    }

    double bound() {
        // The order of a sum is free: where some order overflows on its way, so may the result.
        boolean mayOverflow = magnitude > Rounding.largest(dtype);
        if (!(errors < Double.POSITIVE_INFINITY) || mayOverflow) {
            return Double.POSITIVE_INFINITY;
        }
        if (hasSpecials) {
            return 0;
        }
        double relative = count * roundingsPerTerm * Rounding.unitRoundoff(dtype) * magnitude;
        return errors + relative + count * Rounding.ulp(dtype, 0);
    }
}
