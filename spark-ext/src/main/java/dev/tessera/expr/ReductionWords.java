package dev.tessera.expr;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.Collections;
import java.util.List;

/** Reductions, running sums and the largest elements, in the dtypes that NumPy reduces in. */
final class ReductionWords {
    private ReductionWords() {}

    static Tensor reduce(Reduction word, Tensor argument, Axes axes, boolean keepDims) {
        Tensor x = Promotion.strong(argument);
        return switch (word) {
            case SUM -> over(ReduceOp.SUM, word, wide(x), axes, keepDims);
            case PROD -> over(ReduceOp.PROD, word, wide(x), axes, keepDims);
            case MEAN -> over(ReduceOp.MEAN, word, Promotion.floating(x), axes, keepDims);
            case MAX -> over(ReduceOp.MAX, word, x, axes, keepDims);
            case MIN -> over(ReduceOp.MIN, word, x, axes, keepDims);
            case ANY -> over(ReduceOp.ANY, word, Promotion.convert(x, DType.BOOL, null), axes, keepDims);
            case ALL -> over(ReduceOp.ALL, word, Promotion.convert(x, DType.BOOL, null), axes, keepDims);
            case ARGMAX -> position(ReduceOp.ARGMAX, word, x, axes, keepDims);
            case ARGMIN -> position(ReduceOp.ARGMIN, word, x, axes, keepDims);
            case LOGSUMEXP -> logSumExp(Promotion.floating(x), axes, keepDims);
            case NORM -> norm(Promotion.floating(x), axes, keepDims);
            case VAR -> var(Promotion.floating(x), axes, keepDims);
            case STD -> map(ScalarOp.SQRT, var(Promotion.floating(x), axes, keepDims));
        };
    }

    /** bool and int32 are summed as int64, as NumPy does. */
    private static Tensor wide(Tensor x) {
        return x.dtype().isFloating() ? x : Promotion.convert(x, DType.INT64, null);
    }

    private static Tensor over(ReduceOp op, Reduction word, Tensor x, Axes axes, boolean keepDims) {
        List<Integer> resolved = axes.resolve(word.toString(), x);
        return resolved.isEmpty()
                ? x
                : Apply.of(new Op.Reduce(op, resolved, keepDims), x).output();
    }

    private static Tensor position(ReduceOp op, Reduction word, Tensor x, Axes axes, boolean keepDims) {
        List<Integer> resolved = axes.resolve(word.toString(), x);
        if (!axes.isAll() && resolved.size() != 1) {
            throw TypeErrors.of(word.toString(), List.of(x), "it takes one axis or all, not " + axes);
        }
        if (x.rank() == 1 || !axes.isAll()) {
            return Apply.of(new Op.Reduce(op, resolved, keepDims), x).output();
        }
        Tensor index = Apply.of(new Op.Reduce(op, List.of(0), false), ShapeWords.flatten(x))
                .output();
        return keepDims ? ShapeWords.reshape(index, new Shape(Collections.nCopies(x.rank(), Dim.ONE))) : index;
    }

    private static Tensor logSumExp(Tensor x, Axes axes, boolean keepDims) {
        List<Integer> resolved = axes.resolve("logsumexp", x);
        return resolved.isEmpty()
                ? x
                : Apply.of(new Op.LogSumExp(resolved, keepDims), x).output();
    }

    private static Tensor norm(Tensor x, Axes axes, boolean keepDims) {
        return map(ScalarOp.SQRT, over(ReduceOp.SUM, Reduction.NORM, map(ScalarOp.SQUARE, x), axes, keepDims));
    }

    /** In two passes, as NumPy: the mean of the squared distances from the mean. */
    private static Tensor var(Tensor x, Axes axes, boolean keepDims) {
        Tensor mean = over(ReduceOp.MEAN, Reduction.VAR, x, axes, true);
        Tensor distance = ElementwiseWords.apply(ScalarOp.SUBTRACT, List.of(x, mean));
        return over(ReduceOp.MEAN, Reduction.VAR, map(ScalarOp.SQUARE, distance), axes, keepDims);
    }

    /** The squared distances from the mean, divided by how many there are less {@code ddof}, or by 0 if that is less. */
    static Tensor var(Tensor argument, Axes axes, boolean keepDims, double ddof) {
        Tensor x = Promotion.floating(Promotion.strong(argument));
        if (ddof == 0) {
            return var(x, axes, keepDims);
        }
        Tensor mean = over(ReduceOp.MEAN, Reduction.VAR, x, axes, true);
        Tensor squares = map(ScalarOp.SQUARE, x.sub(mean));
        Tensor sum = over(ReduceOp.SUM, Reduction.VAR, squares, axes, keepDims);
        return sum.div(divisor(x, axes, keepDims, ddof));
    }

    /** How many elements there are over axes less {@code ddof}, and not below 0; counted where a size is unknown. */
    private static Tensor divisor(Tensor x, Axes axes, boolean keepDims, double ddof) {
        long count = 1;
        for (int axis : axes.resolve("var", x)) {
            Dim dim = x.shape().dim(axis);
            if (!dim.isKnown()) {
                Tensor isThere = Tensors.logicalOr(map(ScalarOp.IS_FINITE, x), Tensors.weak(true));
                Tensor counted = Reduction.SUM.of(isThere, axes, keepDims).cast(x.dtype());
                return Tensors.maximum(counted.sub(ddof), Tensors.weak(0));
            }
            count = Math.multiplyExact(count, dim.size());
        }
        return Tensors.weak(Math.max(count - ddof, 0));
    }

    static Tensor norm(Tensor argument, double order, Axes axes, boolean keepDims) {
        Tensor x = Promotion.floating(Promotion.strong(argument));
        if (order == 2) {
            return norm(x, axes, keepDims);
        }
        if (order == 0) {
            Tensor isNonZero = x.ne(Tensors.weak(0)).cast(x.dtype());
            return over(ReduceOp.SUM, Reduction.NORM, isNonZero, axes, keepDims);
        }
        Tensor sizes = map(ScalarOp.ABS, x);
        if (Double.isInfinite(order)) {
            // The largest of no sizes is 0, as NumPy has it; the smallest is an error.
            boolean isEmpty = axes.resolve("norm", x).stream()
                    .anyMatch(axis -> x.shape().dim(axis).isKnown(0));
            ReduceOp extreme = order < 0 ? ReduceOp.MIN : isEmpty ? ReduceOp.SUM : ReduceOp.MAX;
            return over(extreme, Reduction.NORM, sizes, axes, keepDims);
        }
        if (order == 1) {
            return over(ReduceOp.SUM, Reduction.NORM, sizes, axes, keepDims);
        }
        Tensor sum = over(ReduceOp.SUM, Reduction.NORM, sizes.pow(Tensors.weak(order)), axes, keepDims);
        return sum.pow(Tensors.weak(1 / order));
    }

    private static Tensor map(ScalarOp op, Tensor x) {
        return ElementwiseWords.apply(op, List.of(x));
    }

    static Tensor cumsum(Tensor x, int axis) {
        Tensor wide = wide(Promotion.strong(x));
        return Apply.of(new Op.CumulativeSum(Axes.resolve("cumsum", x, axis)), wide)
                .output();
    }

    /** Running sums over all elements in row-major order. */
    static Tensor cumsum(Tensor x) {
        return cumsum(ShapeWords.flatten(x), 0);
    }

    static TopElements topk(Tensor x, long k, int axis) {
        Tensor strong = Promotion.strong(x);
        Apply apply = Apply.of(new Op.TopK(k, Axes.resolve("topk", x, axis)), strong);
        return new TopElements(apply.outputs().get(0), apply.outputs().get(1));
    }
}
