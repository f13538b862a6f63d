package dev.tessera.expr;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * NumPy's einsum, lowered to diagonals, sums over axes, and products of two operands at a time: of matrices where they
 * share a label that is summed, else of elements. Which two are next is chosen greedily, by how much smaller the product
 * is than what goes into it. Used once.
 */
final class Einsum {
    private static final int MAX_OPERANDS = 64;
    // Stands for the size of an unknown dim where products are compared.
    private static final double TYPICAL_SIZE = 64;

    /** A value and the label of each of its axes, none twice. */
    private record Operand(Tensor value, List<Integer> labels) {
        Operand {
            labels = List.copyOf(labels);
        }
    }

    private final String subscripts;
    private final List<? extends Tensor> tensors;
    private final EinsumSubscripts labels;
    private final Map<Integer, Dim> sizes = new HashMap<>();
    private final List<Operand> operands = new ArrayList<>();

    private Einsum(String subscripts, List<? extends Tensor> tensors) {
        this.subscripts = subscripts;
        this.tensors = tensors;
        this.labels = EinsumSubscripts.parse(subscripts, tensors);
    }

    static Tensor einsum(String subscripts, List<? extends Tensor> tensors) {
        if (tensors.isEmpty() || tensors.size() > MAX_OPERANDS) {
            throw new TensorTypeException(
                    "Cannot apply einsum: it takes 1 to %d operands, not %d".formatted(MAX_OPERANDS, tensors.size()));
        }
        List<Tensor> unified = Promotion.unified(tensors);
        boolean bools = unified.get(0).dtype() == DType.BOOL;
        // Of bools it is, as in NumPy, whether any product is true.
        List<Tensor> numbers = bools
                ? unified.stream()
                        .map(x -> Promotion.convert(x, DType.INT32, null))
                        .toList()
                : unified;
        Tensor result = new Einsum(subscripts, tensors).compute(numbers);
        return bools ? Promotion.convert(result, DType.BOOL, null) : result;
    }

    private Tensor compute(List<Tensor> values) {
        findSizes();
        for (int i = 0; i < values.size(); i++) {
            operands.add(withoutRepeats(values.get(i), labels.operands().get(i)));
        }
        while (operands.size() > 1) {
            multiplyBestPair();
        }
        Operand last = summed(operands.get(0), Set.copyOf(labels.result()));
        return arranged(last, labels.result());
    }

    /** The size of every label: a static 1 gives way, a known size wins over an unknown one. */
    private void findSizes() {
        for (int i = 0; i < tensors.size(); i++) {
            for (int axis = 0; axis < tensors.get(i).rank(); axis++) {
                int label = labels.operands().get(i).get(axis);
                sizes.merge(label, tensors.get(i).shape().dim(axis), (left, right) -> unify(label, left, right));
            }
        }
    }

    private Dim unify(int label, Dim left, Dim right) {
        if (left.isKnown() && right.isKnown() && !left.equals(right) && !left.isKnown(1) && !right.isKnown(1)) {
            throw error("'%s' has sizes %s and %s".formatted(EinsumSubscripts.text(label), left, right));
        }
        boolean isRight = left.isKnown(1) || (right.isKnown() && !right.isKnown(1));
        return isRight ? right : left;
    }

    /** The diagonal of axes with one label, without axes that only stretch along others. */
    private Operand withoutRepeats(Tensor tensor, List<Integer> axisLabels) {
        Tensor value = tensor;
        List<Integer> left = new ArrayList<>(axisLabels);
        int axis = 0;
        while (axis < left.size()) {
            int label = left.get(axis);
            int again = left.lastIndexOf(label);
            if (again == axis) {
                axis++;
                continue;
            }
            value = diagonal(value, label, axis, again);
            left.remove(again);
            left.remove(axis);
            left.add(label);
        }
        return withoutStretched(value, left);
    }

    private Tensor diagonal(Tensor value, int label, int axis1, int axis2) {
        Dim first = value.shape().dim(axis1);
        Dim second = value.shape().dim(axis2);
        if (first.isKnown() && second.isKnown() && !first.equals(second)) {
            throw error(
                    "'%s' has sizes %s and %s in one operand".formatted(EinsumSubscripts.text(label), first, second));
        }
        return Apply.of(new Op.Diagonal(0, axis1, axis2), value).output();
    }

    private Operand withoutStretched(Tensor value, List<Integer> axisLabels) {
        List<Integer> kept = new ArrayList<>();
        List<Integer> keptLabels = new ArrayList<>();
        for (int axis = 0; axis < axisLabels.size(); axis++) {
            int label = axisLabels.get(axis);
            boolean stretches =
                    value.shape().dim(axis).isKnown(1) && !dim(label).isKnown(1);
            if (!stretches) {
                kept.add(axis);
                keptLabels.add(label);
            }
        }
        return new Operand(ShapeWords.dimshuffle(value, kept), keptLabels);
    }

    private void multiplyBestPair() {
        Map<Integer, Integer> readers = readers();
        int first = 0;
        int second = 1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < operands.size(); i++) {
            for (int j = i + 1; j < operands.size(); j++) {
                double cost = cost(operands.get(i), operands.get(j), readers);
                if (cost < least) {
                    least = cost;
                    first = i;
                    second = j;
                }
            }
        }
        Operand right = operands.remove(second);
        Operand left = operands.remove(first);
        Set<Integer> kept = kept(left, right, readers);
        operands.add(
                product(summed(left, union(kept, right.labels())), summed(right, union(kept, left.labels())), kept));
    }

    /** How many times each label is read: by each operand that has it, and by the result. */
    private Map<Integer, Integer> readers() {
        Map<Integer, Integer> readers = new HashMap<>();
        labels.result().forEach(label -> readers.merge(label, 1, Integer::sum));
        operands.forEach(operand -> operand.labels().forEach(label -> readers.merge(label, 1, Integer::sum)));
        return readers;
    }

    private double cost(Operand left, Operand right, Map<Integer, Integer> readers) {
        return size(kept(left, right, readers)) - size(left.labels()) - size(right.labels());
    }

    /** The labels of two operands that the result or another operand reads. */
    private static Set<Integer> kept(Operand left, Operand right, Map<Integer, Integer> readers) {
        Set<Integer> kept = new TreeSet<>();
        for (int label : union(Set.copyOf(left.labels()), right.labels())) {
            int own = (left.labels().contains(label) ? 1 : 0) + (right.labels().contains(label) ? 1 : 0);
            if (readers.getOrDefault(label, 0) > own) {
                kept.add(label);
            }
        }
        return kept;
    }

    private double size(Iterable<Integer> some) {
        double size = 1;
        for (int label : some) {
            Dim dim = dim(label);
            size *= dim.isKnown() ? dim.size() : TYPICAL_SIZE;
        }
        return size;
    }

    private static Set<Integer> union(Set<Integer> some, List<Integer> others) {
        Set<Integer> union = new TreeSet<>(some);
        union.addAll(others);
        return union;
    }

    /** With the labels that are not kept summed, in the dtype of the operands, as NumPy does. */
    private static Operand summed(Operand operand, Set<Integer> kept) {
        List<Integer> axes = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (int axis = 0; axis < operand.labels().size(); axis++) {
            int label = operand.labels().get(axis);
            if (kept.contains(label)) {
                left.add(label);
            } else {
                axes.add(axis);
            }
        }
        return axes.isEmpty()
                ? operand
                : new Operand(
                        Apply.of(new Op.Reduce(ReduceOp.SUM, axes, false), operand.value())
                                .output(),
                        left);
    }

    private Operand product(Operand left, Operand right, Set<Integer> kept) {
        List<Integer> batch = new ArrayList<>();
        List<Integer> inner = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        for (int label : left.labels()) {
            if (!right.labels().contains(label)) {
                rows.add(label);
            } else {
                (kept.contains(label) ? batch : inner).add(label);
            }
        }
        List<Integer> columns = new ArrayList<>(right.labels());
        columns.removeAll(left.labels());
        List<Integer> result = new ArrayList<>(batch);
        result.addAll(rows);
        result.addAll(columns);
        if (inner.isEmpty()) {
            Tensor product =
                    ElementwiseWords.apply(ScalarOp.MULTIPLY, List.of(spread(left, result), spread(right, result)));
            return new Operand(product, result);
        }
        Tensor a = matrices(left, List.of(batch, rows, inner));
        Tensor b = matrices(right, List.of(batch, inner, columns));
        Tensor product = Apply.of(new Op.MatMul(), a, b).output();
        return new Operand(ShapeWords.reshape(product, shape(result)), result);
    }

    /** With its axes where they are in {@code all}, and axes of size 1 for the others. */
    private static Tensor spread(Operand operand, List<Integer> all) {
        List<Integer> order =
                all.stream().map(label -> operand.labels().indexOf(label)).toList();
        return ShapeWords.dimshuffle(operand.value(), order);
    }

    /** As matrices: one axis for each group of labels, but as many as there are labels for the first if there are few. */
    private Tensor matrices(Operand operand, List<List<Integer>> groups) {
        List<Integer> batch = groups.get(0);
        List<Integer> order = new ArrayList<>();
        groups.forEach(order::addAll);
        List<Dim> dims = new ArrayList<>();
        if (batch.size() <= Shape.MAX_RANK - 2) {
            batch.forEach(label -> dims.add(dim(label)));
        } else {
            dims.add(product(batch));
        }
        dims.add(product(groups.get(1)));
        dims.add(product(groups.get(2)));
        return ShapeWords.reshape(arranged(operand, order), new Shape(dims));
    }

    private static Tensor arranged(Operand operand, List<Integer> order) {
        return ShapeWords.dimshuffle(
                operand.value(),
                order.stream().map(label -> operand.labels().indexOf(label)).toList());
    }

    private Dim product(List<Integer> some) {
        return shape(some).elementCount();
    }

    private Shape shape(List<Integer> some) {
        return new Shape(some.stream().map(this::dim).toList());
    }

    private Dim dim(int label) {
        return sizes.getOrDefault(label, Dim.ONE);
    }

    private TensorTypeException error(String why) {
        return EinsumSubscripts.error(subscripts, tensors, why);
    }
}
