package dev.tessera.eval;

import dev.tessera.tensor.DType;
import java.util.Arrays;

/** Matrix products with the bound n·u·Σ|a||b| on their rounding. */
final class ProductEvaluation {
    private final Rounding rounding;

    ProductEvaluation(Rounding rounding) {
        this.rounding = rounding;
    }

    /** [..., m, k] by [..., k, n] into {@code sizes}, [..., m, n]. */
    Value product(Value a, Value b, long[] sizes) {
        Value out = new Value(a.dtype, sizes);
        int rank = sizes.length;
        long[] leading = Arrays.copyOf(sizes, rank - 2);
        int[] aLead = ElementwiseEvaluation.positions(Arrays.copyOf(a.sizes, a.rank() - 2), leading);
        int[] bLead = ElementwiseEvaluation.positions(Arrays.copyOf(b.sizes, b.rank() - 2), leading);
        long m = sizes[rank - 2];
        long n = sizes[rank - 1];
        long k = a.sizes[a.rank() - 1];
        for (int i = 0; i < out.count(); i++) {
            int lead = (int) (i / (m * n));
            long row = i / n % m;
            long column = i % n;
            dot(a, (int) ((aLead[lead] * m + row) * k), b, (int) (bLead[lead] * k * n + column), n, k, out, i);
        }
        return out;
    }

    private void dot(Value a, int aAt, Value b, int bAt, long bStride, long k, Value out, int i) {
        double sum = 0;
        double magnitude = 0;
        double errors = 0;
        long integers = 0;
        for (int p = 0; p < k; p++) {
            int at = aAt + p;
            int bt = (int) (bAt + p * bStride);
            if (a.isReal()) {
                double product = a.reals[at] * b.reals[bt];
                sum += product;
                magnitude += Math.abs(product);
                errors += Math.abs(a.reals[at]) * b.errors[bt]
                        + Math.abs(b.reals[bt]) * a.errors[at]
                        + a.errors[at] * b.errors[bt];
            } else {
                integers = a.dtype == DType.BOOL
                        ? integers | (a.integers[at] & b.integers[bt])
                        : integers + a.integers[at] * b.integers[bt];
                errors += a.errors[at] + b.errors[bt] == 0 ? 0 : Double.POSITIVE_INFINITY;
            }
        }
        if (!out.isReal()) {
            rounding.store(out, i, integers, errors);
            return;
        }
        double bound = errors + k * 2 * Rounding.unitRoundoff(a.dtype) * magnitude;
        double largest = a.dtype == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
        boolean overflows = Double.isFinite(magnitude) && magnitude > largest;
        rounding.store(out, i, sum, overflows ? Double.POSITIVE_INFINITY : Double.isNaN(bound) ? 0 : bound, 1);
    }
}
