package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ReduceOp;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Brings other axes to the end, where row programs run, and back. */
final class LastAxis {
    private LastAxis() {}

    /** The reduction of the last axis, which stays with size 1. */
    static Tensor reduce(ReduceOp op, Tensor x) {
        return Apply.of(new Op.Reduce(op, List.of(x.rank() - 1), true), x).output();
    }

    /** Whether {@code axes} are just the last one of {@code x}, and it is kept. */
    static boolean isReduced(Tensor x, List<Integer> axes, boolean keepDims) {
        return keepDims && axes.size() == 1 && axes.get(0) == x.rank() - 1;
    }

    /**
     * A reduction over axes as reductions of a last axis, one for each run of neighbours among them, which are merged to
     * one axis first: {@code sum(x, (0, 1))} of [a, b, c] is the reduction of [c, a*b].
     */
    static Tensor reduce(Tensor x, List<Integer> axes, boolean keepDims, UnaryOperator<Tensor> ofLastAxis) {
        Tensor current = x;
        int end = axes.size();
        while (end > 0) {
            int start = end - 1;
            while (start > 0 && axes.get(start - 1) == axes.get(start) - 1) {
                start--;
            }
            current = reduceRun(current, axes.get(start), axes.get(end - 1), ofLastAxis);
            end = start;
        }
        return keepDims ? current : dropped(current, axes);
    }

    /** The reduction of the axes {@code first} to {@code last}, which stay with size 1. */
    private static Tensor reduceRun(Tensor x, int first, int last, UnaryOperator<Tensor> ofLastAxis) {
        int count = last - first + 1;
        List<Integer> others = IntStream.range(0, x.rank())
                .filter(a -> a < first || a > last)
                .boxed()
                .toList();
        List<Integer> order = new ArrayList<>(others);
        IntStream.rangeClosed(first, last).forEach(order::add);
        Tensor moved = shuffled(x, order);
        if (count > 1) {
            List<Dim> dims = new ArrayList<>(moved.shape().dims().subList(0, others.size()));
            dims.add(Shape.product(moved.shape().dims().subList(others.size(), x.rank())));
            moved = Apply.of(new Op.Reshape(new Shape(dims)), moved).output();
        }
        List<Integer> back =
                new ArrayList<>(IntStream.range(0, others.size()).boxed().toList());
        IntStream.range(0, count).forEach(i -> back.add(first, Op.DimShuffle.NEW_AXIS));
        if (count == 1) {
            back.set(first, others.size());
        }
        return shuffled(ofLastAxis.apply(moved), back);
    }

    private static Tensor dropped(Tensor x, List<Integer> axes) {
        return shuffled(
                x,
                IntStream.range(0, x.rank())
                        .filter(a -> !axes.contains(a))
                        .boxed()
                        .toList());
    }

    /** The value with {@code axis} moved to the end. */
    static Tensor moved(Tensor x, int axis) {
        List<Integer> order = new ArrayList<>();
        IntStream.range(0, x.rank()).filter(a -> a != axis).forEach(order::add);
        order.add(axis);
        return shuffled(x, order);
    }

    /** The value with the last axis moved to {@code axis}. */
    static Tensor movedBack(Tensor x, int axis) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, x.rank() - 1).boxed().toList());
        order.add(axis, x.rank() - 1);
        return shuffled(x, order);
    }

    /** The value itself if the order changes nothing. */
    static Tensor shuffled(Tensor x, List<Integer> order) {
        boolean isSame = order.equals(IntStream.range(0, x.rank()).boxed().toList());
        return isSame ? x : Apply.of(new Op.DimShuffle(order), x).output();
    }
}
