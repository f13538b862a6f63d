package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The words that move elements without computing with them. */
final class ShapeWords {
    /** The most classes of {@link #oneHot}: their numbers are a constant of the graph. */
    private static final long MAX_ONE_HOT_DEPTH = 1 << 20;

    private ShapeWords() {}

    /** The same elements under known or symbolic sizes; none is -1. */
    static Tensor reshape(Tensor x, Shape shape) {
        return x.shape().equals(shape)
                ? Promotion.strong(x)
                : Apply.of(new Op.Reshape(shape), Promotion.strong(x)).output();
    }

    /** NumPy's {@code reshape}: one size may be -1, for what is left. */
    static Tensor reshape(Tensor x, List<Dim> dims) {
        return reshape(x, SizeInference.fill(x, dims));
    }

    static Tensor flatten(Tensor x) {
        return x.rank() == 1 ? x : reshape(x, Shape.of(x.shape().elementCount()));
    }

    /** Theano's {@code dimshuffle}; the order may leave out axes of static size 1. */
    static Tensor dimshuffle(Tensor x, List<Integer> order) {
        boolean same = order.equals(IntStream.range(0, x.rank()).boxed().toList());
        return same
                ? Promotion.strong(x)
                : Apply.of(new Op.DimShuffle(order), Promotion.strong(x)).output();
    }

    /** NumPy's {@code transpose}: the axes in this order. */
    static Tensor transpose(Tensor x, List<Integer> axes) {
        List<Integer> order = Axes.resolve("transpose", x, axes, x.rank());
        if (order.size() != x.rank()) {
            throw TypeErrors.of("transpose", List.of(x), "%s must list all %d axes".formatted(axes, x.rank()));
        }
        return dimshuffle(x, order);
    }

    static Tensor transpose(Tensor x) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
        Collections.reverse(order);
        return dimshuffle(x, order);
    }

    /** Without the listed axes, each of static size 1; without every such axis for {@link Axes#ALL}. */
    static Tensor squeeze(Tensor x, Axes axes) {
        List<Integer> listed = axes.resolve("squeeze", x);
        List<Integer> kept = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            boolean unit = x.shape().dim(axis).isKnown(1);
            if (!listed.contains(axis) || (axes.isAll() && !unit)) {
                kept.add(axis);
            } else if (!unit) {
                throw TypeErrors.of(
                        "squeeze",
                        List.of(x),
                        "axis %d has size %s, not 1".formatted(axis, x.shape().dim(axis)));
            }
        }
        return dimshuffle(x, kept);
    }

    /** With new axes of size 1 at these positions of the result. */
    static Tensor expandDims(Tensor x, int... axes) {
        int rank = x.rank() + axes.length;
        List<Integer> added =
                Axes.resolve("expand_dims", x, IntStream.of(axes).boxed().toList(), rank);
        List<Integer> order = new ArrayList<>();
        int next = 0;
        for (int axis = 0; axis < rank; axis++) {
            order.add(added.contains(axis) ? Op.DimShuffle.NEW_AXIS : next++);
        }
        return dimshuffle(x, order);
    }

    static Tensor broadcastTo(Tensor x, Shape shape) {
        return x.shape().equals(shape)
                ? Promotion.strong(x)
                : Apply.of(new Op.BroadcastTo(shape), Promotion.strong(x)).output();
    }

    static Tensor concat(List<? extends Tensor> tensors, int axis) {
        if (tensors.isEmpty()) {
            throw new TensorTypeException("Cannot concatenate: give at least one tensor");
        }
        int positive = Axes.resolve("concatenate", tensors.get(0), axis);
        List<Tensor> unified = Promotion.unified(tensors);
        return unified.size() == 1
                ? unified.get(0)
                : Apply.of(new Op.Concat(positive), unified).output();
    }

    static Tensor stack(List<? extends Tensor> tensors, int axis) {
        if (tensors.isEmpty()) {
            throw new TensorTypeException("Cannot stack: give at least one tensor");
        }
        Tensor first = tensors.get(0);
        for (Tensor tensor : tensors) {
            if (tensor.rank() != first.rank()) {
                throw TypeErrors.of("stack", List.of(first, tensor), "all must have one shape");
            }
        }
        int positive =
                Axes.resolve("stack", first, List.of(axis), first.rank() + 1).get(0);
        return concat(tensors.stream().map(x -> expandDims(x, positive)).toList(), positive);
    }

    /** NumPy's {@code take} along an axis. */
    static Tensor take(Tensor x, Tensor indices, int axis) {
        Tensor positions = Promotion.strong(indices);
        if (!positions.dtype().isInteger()) {
            throw TypeErrors.of("take", List.of(x, indices), "indices are int32 or int64; cast them");
        }
        return Apply.of(new Op.Take(Axes.resolve("take", x, axis)), Promotion.strong(x), positions)
                .output();
    }

    /** NumPy's {@code take} from all elements in row-major order. */
    static Tensor take(Tensor x, Tensor indices) {
        return take(flatten(Promotion.strong(x)), indices, 0);
    }

    /** With copies of a scalar around it: {@code before[i]} and {@code after[i]} on axis i. */
    static Tensor pad(Tensor x, List<Long> before, List<Long> after, Tensor value) {
        boolean fits = before.size() == x.rank() && after.size() == x.rank();
        if (!fits || before.stream().anyMatch(w -> w < 0) || after.stream().anyMatch(w -> w < 0)) {
            throw TypeErrors.of(
                    "pad",
                    List.of(x),
                    "it takes a width of 0 or more before and after each axis, not %s and %s".formatted(before, after));
        }
        Tensor fill = Promotion.convert(value, x.dtype(), null);
        return Apply.of(new Op.Pad(before, after), Promotion.strong(x), fill).output();
    }

    /** On a new last axis, 1 at each index's position and 0 elsewhere; an index out of range gives zeros only. */
    static Tensor oneHot(Tensor indices, long depth, DType dtype) {
        Tensor positions = Promotion.strong(indices);
        if (!positions.dtype().isInteger()) {
            throw TypeErrors.of("one_hot", List.of(indices), "indices are int32 or int64; cast them");
        }
        if (depth < 0 || depth > MAX_ONE_HOT_DEPTH) {
            throw TypeErrors.of(
                    "one_hot",
                    List.of(indices),
                    "it takes 0 to %d classes, not %d".formatted(MAX_ONE_HOT_DEPTH, depth));
        }
        HostTensor classes = HostTensor.zeros(positions.dtype(), depth);
        for (int i = 0; i < depth; i++) {
            classes.setLong(i, i);
        }
        Tensor hits = ElementwiseWords.apply(
                ScalarOp.EQUAL, List.of(expandDims(positions, positions.rank()), new Constant(classes, false)));
        return Promotion.convert(hits, dtype, null);
    }

    /** NumPy's {@code tile}: the tensor repeated along each axis; the shorter of shape and repetitions is filled with 1. */
    static Tensor tile(Tensor x, long... repetitions) {
        int rank = Math.max(x.rank(), repetitions.length);
        Tensor tiled = expandDims(x, IntStream.range(0, rank - x.rank()).toArray());
        for (int i = 0; i < repetitions.length; i++) {
            if (repetitions[i] < 0) {
                throw TypeErrors.of("tile", List.of(x), "it repeats 0 times or more, not " + repetitions[i]);
            }
            tiled = repetitions[i] == 1 ? tiled : repeat(tiled, rank - repetitions.length + i, repetitions[i]);
        }
        return tiled;
    }

    // The axes before and after are merged, so that one axis more never exceeds the highest rank.
    private static Tensor repeat(Tensor x, int axis, long times) {
        List<Dim> dims = x.shape().dims();
        Dim outer = Shape.product(dims.subList(0, axis));
        Dim inner = Shape.product(dims.subList(axis, dims.size()));
        List<Dim> repeated = new ArrayList<>(dims);
        repeated.set(axis, dims.get(axis).times(times));
        Tensor once = reshape(x, Shape.of(outer, Dim.ONE, inner));
        return reshape(broadcastTo(once, Shape.of(outer, Dim.of(times), inner)), new Shape(repeated));
    }
}
