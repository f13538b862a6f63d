package dev.tessera.expr;

/** The reductions as methods of a tensor: over the axes given, or over all if none is. */
public sealed interface ReductionMethods permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor sum(int... axes) {
        return Reduction.SUM.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor sum(Axes axes, boolean keepDims) {
        return Reduction.SUM.of(self(), axes, keepDims);
    }

    default Tensor prod(int... axes) {
        return Reduction.PROD.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor prod(Axes axes, boolean keepDims) {
        return Reduction.PROD.of(self(), axes, keepDims);
    }

    default Tensor mean(int... axes) {
        return Reduction.MEAN.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor mean(Axes axes, boolean keepDims) {
        return Reduction.MEAN.of(self(), axes, keepDims);
    }

    default Tensor max(int... axes) {
        return Reduction.MAX.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor max(Axes axes, boolean keepDims) {
        return Reduction.MAX.of(self(), axes, keepDims);
    }

    default Tensor min(int... axes) {
        return Reduction.MIN.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor min(Axes axes, boolean keepDims) {
        return Reduction.MIN.of(self(), axes, keepDims);
    }

    default Tensor any(int... axes) {
        return Reduction.ANY.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor any(Axes axes, boolean keepDims) {
        return Reduction.ANY.of(self(), axes, keepDims);
    }

    default Tensor all(int... axes) {
        return Reduction.ALL.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor all(Axes axes, boolean keepDims) {
        return Reduction.ALL.of(self(), axes, keepDims);
    }

    default Tensor argmax(int... axes) {
        return Reduction.ARGMAX.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor argmax(Axes axes, boolean keepDims) {
        return Reduction.ARGMAX.of(self(), axes, keepDims);
    }

    default Tensor argmin(int... axes) {
        return Reduction.ARGMIN.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor argmin(Axes axes, boolean keepDims) {
        return Reduction.ARGMIN.of(self(), axes, keepDims);
    }

    default Tensor logsumexp(int... axes) {
        return Reduction.LOGSUMEXP.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor logsumexp(Axes axes, boolean keepDims) {
        return Reduction.LOGSUMEXP.of(self(), axes, keepDims);
    }

    default Tensor norm(int... axes) {
        return Reduction.NORM.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor norm(Axes axes, boolean keepDims) {
        return Reduction.NORM.of(self(), axes, keepDims);
    }

    /**
     * The norm of an order over all the axes together: {@code sum(abs(x) ** order) ** (1 / order)}; of infinite orders the
     * largest or smallest absolute value, of order 0 how many elements are not 0.
     */
    default Tensor norm(double order, Axes axes, boolean keepDims) {
        return ReductionWords.norm(self(), order, axes, keepDims);
    }

    default Tensor var(int... axes) {
        return Reduction.VAR.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor var(Axes axes, boolean keepDims) {
        return Reduction.VAR.of(self(), axes, keepDims);
    }

    /** The variance with {@code ddof} taken from the count: 1 gives the unbiased estimate from a sample. */
    default Tensor var(Axes axes, boolean keepDims, double ddof) {
        return ReductionWords.var(self(), axes, keepDims, ddof);
    }

    default Tensor std(int... axes) {
        return Reduction.STD.of(self(), Axes.allIfEmpty(axes), false);
    }

    default Tensor std(Axes axes, boolean keepDims) {
        return Reduction.STD.of(self(), axes, keepDims);
    }

    /** The root of {@link #var(Axes, boolean, double)}. */
    default Tensor std(Axes axes, boolean keepDims, double ddof) {
        return self().var(axes, keepDims, ddof).sqrt();
    }

    /** Running sums of all elements in row-major order. */
    default Tensor cumsum() {
        return Tensors.cumsum(self());
    }

    default Tensor cumsum(int axis) {
        return Tensors.cumsum(self(), axis);
    }

    default TopElements topk(long k) {
        return Tensors.topk(self(), k, -1);
    }

    default TopElements topk(long k, int axis) {
        return Tensors.topk(self(), k, axis);
    }
}
