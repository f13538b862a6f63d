package dev.tessera.eval;

import dev.tessera.plan.ReduceOp;
import dev.tessera.tensor.DType;
import java.util.Arrays;
import java.util.List;

/** Reductions, running sums and selections of the largest, with running error analysis. */
final class ReductionEvaluation {
    private final Rounding rounding;

    ReductionEvaluation(Rounding rounding) {
        this.rounding = rounding;
    }

    /** Reduces {@code axes}, keeping them with size 1. */
    Value reduce(ReduceOp op, Value x, List<Integer> axes) {
        long[] sizes = x.sizes.clone();
        axes.forEach(axis -> sizes[axis] = 1);
        Value out = new Value(op.resultDType(x.dtype), sizes);
        int[] target = ElementwiseEvaluation.positions(sizes, x.sizes);
        int perResult = out.count() == 0 ? 0 : x.count() / out.count();
        if (perResult == 0 && out.count() > 0 && !op.hasIdentity()) {
            throw new IllegalArgumentException("Cannot take the %s of no elements".formatted(op));
        }
        int[][] members = new int[out.count()][perResult];
        int[] filled = new int[out.count()];
        for (int i = 0; i < x.count(); i++) {
            members[target[i]][filled[target[i]]++] = i;
        }
        for (int i = 0; i < out.count(); i++) {
            reduceOne(op, x, members[i], out, i);
        }
        return out;
    }

    private void reduceOne(ReduceOp op, Value x, int[] members, Value out, int i) {
        switch (op) {
            case SUM -> sum(x, members, out, i, false);
            case MEAN -> sum(x, members, out, i, true);
            case PROD -> product(x, members, out, i);
            case MAX, MIN -> extreme(op == ReduceOp.MAX, x, members, out, i);
            case SUPREMUM -> supremum(x, members, out, i);
            case ANY, ALL -> anyOrAll(op == ReduceOp.ANY, x, members, out, i);
            case ARGMAX, ARGMIN -> {
                int best = best(op == ReduceOp.ARGMAX, x, members);
                boolean unsure = isContested(x, members, best);
                rounding.store(out, i, best, unsure ? Double.POSITIVE_INFINITY : 0);
            }
        }
    }

    private void sum(Value x, int[] members, Value out, int i, boolean isMean) {
        Sum sum = new Sum(x, new SumOfTerms(x.dtype, 1));
        for (int at : members) {
            sum.add(at);
        }
        sum.store(out, i, isMean ? members.length : 1);
    }

    /** A sum of elements so far. */
    private final class Sum {
        private final Value x;
        private final SumOfTerms terms;
        private long integers;
        private double errors;

        Sum(Value x, SumOfTerms terms) {
            this.x = x;
            this.terms = terms;
        }

        void add(int at) {
            if (x.isReal()) {
                terms.add(x.reals[at], x.errors[at]);
            } else {
                integers += x.integers[at];
                errors += x.errors[at];
            }
        }

        /** Stores the sum divided by {@code divisor}, which is 0 for the mean of nothing. */
        void store(Value out, int i, int divisor) {
            if (out.isReal()) {
                rounding.store(out, i, terms.value() / divisor, terms.bound() / Math.max(1, divisor), 1);
            } else {
                rounding.store(out, i, integers, errors);
            }
        }
    }

    private void product(Value x, int[] members, Value out, int i) {
        double product = 1;
        double reached = 1;
        long integers = 1;
        double errors = 0;
        for (int at : members) {
            errors += x.errors[at];
            if (x.isReal()) {
                product *= x.reals[at];
                reached *= Math.abs(x.reals[at]) + x.errors[at];
            } else {
                integers *= x.integers[at];
            }
        }
        if (!out.isReal()) {
            rounding.store(out, i, integers, errors > 0 ? Double.POSITIVE_INFINITY : 0);
            return;
        }
        boolean isRisky = Double.isInfinite(errors) || partialProductsLeaveTheRange(x, members);
        double bound = reached - Math.abs(product) + members.length * 2 * Rounding.unitRoundoff(x.dtype) * reached;
        boolean isSpecial = !Double.isFinite(product) && errors == 0;
        rounding.store(out, i, product, isRisky ? Double.POSITIVE_INFINITY : isSpecial ? 0 : bound, 1);
    }

    // The order of a product is free: where some order over- or underflows on its way, the result is anyone's.
    private static boolean partialProductsLeaveTheRange(Value x, int[] members) {
        double up = 1;
        double down = 1;
        boolean hasInfinity = false;
        for (int at : members) {
            double magnitude = Math.abs(x.reals[at]) + x.errors[at];
            if (Double.isInfinite(magnitude)) {
                hasInfinity = true;
            } else if (magnitude > 1) {
                up *= magnitude;
            } else if (magnitude > 0) {
                down *= magnitude;
            }
        }
        double smallest = x.dtype == DType.FLOAT32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
        boolean mayUnderflow = down < smallest && (members.length > 1 || hasInfinity);
        return up > Rounding.largest(x.dtype) || mayUnderflow;
    }

    private void extreme(boolean largest, Value x, int[] members, Value out, int i) {
        int best = members[best(largest, x, members)];
        boolean isZero = x.isReal() && x.reals[best] == 0;
        double error = isZero ? ErrorPropagation.SIGN_OF_ZERO : 0;
        for (int at : members) {
            error = Math.max(error, x.errors[at]);
        }
        out.set(
                i,
                x.isReal() ? x.reals[best] : 0,
                x.isReal() ? 0 : x.integers[best],
                rounding == Rounding.FAITHFUL ? 0 : error);
    }

    private void supremum(Value x, int[] members, Value out, int i) {
        if (members.length == 0) {
            out.set(i, Double.NEGATIVE_INFINITY, 0, 0);
        } else {
            extreme(true, x, members, out, i);
        }
    }

    private void anyOrAll(boolean any, Value x, int[] members, Value out, int i) {
        boolean result = !any;
        boolean isUnsure = false;
        boolean isDecided = false;
        for (int at : members) {
            boolean element = x.integers[at] != 0;
            result = any ? result || element : result && element;
            isUnsure |= x.errors[at] != 0;
            isDecided |= x.errors[at] == 0 && element == any;
        }
        rounding.store(out, i, result ? 1 : 0, isUnsure && !isDecided ? 1 : 0);
    }

    /** The index in {@code members} of the first extreme element, or of the first NaN. */
    private static int best(boolean largest, Value x, int[] members) {
        int best = 0;
        for (int i = 1; i < members.length; i++) {
            if (isBetter(largest, x, members[i], members[best])) {
                best = i;
            }
        }
        return best;
    }

    private static boolean isBetter(boolean largest, Value x, int candidate, int than) {
        if (!x.isReal()) {
            long difference = Long.compare(x.integers[candidate], x.integers[than]);
            return largest ? difference > 0 : difference < 0;
        }
        double a = x.reals[candidate];
        double b = x.reals[than];
        return !Double.isNaN(b) && (Double.isNaN(a) || (largest ? a > b : a < b));
    }

    private static boolean isContested(Value x, int[] members, int best) {
        double bestError = x.uncertainty(members[best]);
        for (int i = 0; i < members.length; i++) {
            double together = x.uncertainty(members[i]) + bestError;
            double gap = Math.abs(x.number(members[i]) - x.number(members[best]));
            if (i != best && together > 0 && !(gap > together)) {
                return true;
            }
        }
        return false;
    }

    Value cumulativeSum(Value x, int axis) {
        Value out = new Value(x.dtype, x.sizes);
        long stride = x.strides()[axis];
        for (int start = 0; start < x.count(); start++) {
            if (start / stride % x.sizes[axis] == 0) {
                Sum sum = new Sum(x, SumOfTerms.running(x.dtype, 1));
                for (int k = 0; k < x.sizes[axis]; k++) {
                    int at = (int) (start + k * stride);
                    sum.add(at);
                    sum.store(out, at, 1);
                }
            }
        }
        return out;
    }

    /** The values and then the positions of the {@code k} largest along {@code axis}. */
    List<Value> topK(Value x, int k, int axis) {
        long[] sizes = x.sizes.clone();
        sizes[axis] = k;
        Value values = new Value(x.dtype, sizes);
        Value indices = new Value(DType.INT64, sizes);
        long stride = x.strides()[axis];
        long[] outStrides = values.strides();
        for (int i = 0; i < x.count(); i++) {
            if (i / stride % x.sizes[axis] == 0 && k > 0) {
                long outer = i / (stride * x.sizes[axis]);
                int outStart = (int) (outer * outStrides[axis] * k + i % stride);
                selectLargest(x, i, axis, new Value[] {values, indices}, outStart);
            }
        }
        return List.of(values, indices);
    }

    private void selectLargest(Value x, int start, int axis, Value[] out, int outStart) {
        long stride = x.strides()[axis];
        long outStride = out[0].strides()[axis];
        Integer[] order = new Integer[(int) x.sizes[axis]];
        double worst = 0;
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) (start + i * stride);
            worst = Math.max(worst, x.uncertainty(order[i]));
        }
        Arrays.sort(order, (a, b) -> isBetter(true, x, a, b) ? -1 : isBetter(true, x, b, a) ? 1 : a - b);
        for (int i = 0; i < out[0].sizes[axis]; i++) {
            int at = (int) (outStart + i * outStride);
            out[0].copy(at, x, order[i]);
            out[0].errors[at] = Math.max(worst, x.errors[order[i]]);
            boolean close = worst > 0 && (isNear(x, order, i, i - 1, worst) || isNear(x, order, i, i + 1, worst));
            rounding.store(out[1], at, (order[i] - start) / stride, close ? Double.POSITIVE_INFINITY : 0);
        }
    }

    private static boolean isNear(Value x, Integer[] order, int i, int other, double worst) {
        return other >= 0
                && other < order.length
                && !(Math.abs(x.number(order[i]) - x.number(order[other])) > 2 * worst);
    }
}
