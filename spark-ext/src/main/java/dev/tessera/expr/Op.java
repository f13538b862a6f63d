package dev.tessera.expr;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Apply} computes: the closed set that every evaluator, gradient, printer and lowering covers. Axes are
 * never negative here; the words in {@link Tensors} resolve NumPy's negative axes and insert casts and new axes.
 */
public sealed interface Op {
    <R> R accept(Visitor<R> visitor);

    /** One method per kind and no defaults, so that a new kind fails to compile wherever it is unhandled. */
    interface Visitor<R> {
        R visit(Elementwise op);

        R visit(Cast op);

        R visit(Reduce op);

        R visit(MatMul op);

        R visit(Reshape op);

        R visit(DimShuffle op);

        R visit(BroadcastTo op);

        R visit(Slice op);

        R visit(Diagonal op);

        R visit(Concat op);

        R visit(Pad op);

        R visit(Take op);

        R visit(TopK op);

        R visit(CumulativeSum op);

        R visit(Softmax op);

        R visit(LogSumExp op);

        R visit(Gemm op);

        R visit(Syrk op);

        R visit(Fused op);
    }

    /**
     * A scalar function of inputs broadcast by NumPy's rule (trailing axes align; a static 1 stretches). The inputs have
     * one dtype that the function accepts, but for the bool condition of {@code where}.
     */
    record Elementwise(ScalarOp scalar) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The input in another dtype; see {@link RowProgram.Convert} for what a conversion gives. */
    record Cast(DType dtype) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** A reduction over some axes, ascending and distinct; one exactly for ARGMAX and ARGMIN. */
    record Reduce(ReduceOp combine, List<Integer> axes, boolean keepDims) implements Op {
        public Reduce {
            axes = List.copyOf(axes);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * The matrix product of two inputs of rank 2 or more and one dtype: [..., m, k] by [..., k, n] gives [..., m, n], the
     * leading axes broadcast.
     */
    record MatMul() implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The same elements in row-major order under another shape of the same element count. */
    record Reshape(Shape shape) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * Theano's dimshuffle: result axis i is input axis {@code order[i]}, or a new axis of size 1 where that is -1. An
     * input axis that is left out has the static size 1.
     */
    record DimShuffle(List<Integer> order) implements Op {
        public static final int NEW_AXIS = -1;

        public DimShuffle {
            order = List.copyOf(order);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The input repeated along axes of static size 1, and along new leading axes, to fill a shape. */
    record BroadcastTo(Shape shape) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * For each axis, {@code length} elements from {@code start} in steps of {@code step} (negative to reverse, never 0),
     * all within bounds.
     */
    record Slice(List<Range> ranges) implements Op {
        public Slice {
            ranges = List.copyOf(ranges);
        }

        /** One axis of a slice. */
        public record Range(Dim start, Dim length, long step) {}

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The diagonal of two axes, {@code axis1 != axis2}, as a new last axis: elements (i, i + offset). */
    record Diagonal(long offset, int axis1, int axis2) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** Inputs of one dtype and equal shapes but for {@code axis}, one after the other along it. */
    record Concat(int axis) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The first input with {@code before} and {@code after} copies of the second, a scalar, around it on each axis. */
    record Pad(List<Long> before, List<Long> after) implements Op {
        public Pad {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * NumPy's take: the first input's elements along {@code axis} at the positions that the second (int32 or int64) gives;
     * its axes replace the axis. A negative position counts from the end; one out of range makes the row bad.
     */
    record Take(int axis) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** The largest k elements along {@code axis}, descending, and their positions as int64: two outputs. */
    record TopK(long k, int axis) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** Running sums along {@code axis}. */
    record CumulativeSum(int axis) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** {@code exp(x) / sum(exp(x), axis)}, or its logarithm, shifted by the maximum so that it never overflows. */
    record Softmax(int axis, boolean log) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** {@code log(sum(exp(x), axes))}, shifted by the maximum so that it never overflows. */
    record LogSumExp(List<Integer> axes, boolean keepDims) implements Op {
        public LogSumExp {
            axes = List.copyOf(axes);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * {@code activation(a @ b + bias)}, from rewriting: like {@link MatMul}, with an optional third input that broadcasts
     * to the product, and an optional unary function of the sum.
     */
    record Gemm(boolean hasBias, @Nullable ScalarOp activation) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /** {@code x @ transpose(x)} of [..., m, k], from rewriting: [..., m, m]. */
    record Syrk() implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }

    /**
     * A row program over the last axis, from rewriting. The inputs broadcast to one shape [..., length]; an input that the
     * program takes as a scalar has a last axis of size 1, or rank 0. An output that varies along the axis has the whole
     * shape, another has a last axis of size 1.
     */
    record Fused(RowProgram program) implements Op {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visit(this);
        }
    }
}
