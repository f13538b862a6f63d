package dev.tessera.eval;

import dev.tessera.plan.ScalarOp;
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
        if (!out.isReal()) {
            integerDot(a, aAt, b, bAt, bStride, k, out, i);
            return;
        }
        SumOfTerms sum = new SumOfTerms(a.dtype, 2);
        for (int p = 0; p < k; p++) {
            int at = aAt + p;
            int bt = (int) (bAt + p * bStride);
            double error =
                    ErrorPropagation.binary(ScalarOp.MULTIPLY, a.reals[at], a.errors[at], b.reals[bt], b.errors[bt]);
            sum.add(a.reals[at] * b.reals[bt], error);
        }
        rounding.store(out, i, sum.value(), sum.bound(), 1);
    }

    private void integerDot(Value a, int aAt, Value b, int bAt, long bStride, long k, Value out, int i) {
        long sum = 0;
        boolean isUnsure = false;
        for (int p = 0; p < k; p++) {
            int at = aAt + p;
            int bt = (int) (bAt + p * bStride);
            sum = a.dtype == DType.BOOL
                    ? sum | (a.integers[at] & b.integers[bt])
                    : sum + a.integers[at] * b.integers[bt];
            isUnsure |= a.errors[at] + b.errors[bt] != 0;
        }
        rounding.store(out, i, sum, isUnsure ? Double.POSITIVE_INFINITY : 0);
    }
}
