package dev.tessera.expr;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Products by NumPy's rank rules, lowered to products of matrices, and diagonals. */
final class LinearAlgebra {
    private LinearAlgebra() {}

    /** NumPy's {@code a @ b}: a vector is a row on the left and a column on the right; leading axes broadcast. */
    static Tensor matmul(Tensor left, Tensor right) {
        List<Tensor> both = List.of(left, right);
        if (left.rank() == 0 || right.rank() == 0) {
            throw TypeErrors.of(new Op.MatMul(), both, "a scalar is no matrix; use mul");
        }
        checkInner(left, right, Math.max(0, right.rank() - 2));
        List<Tensor> unified = Promotion.unified(both);
        Tensor a = left.rank() == 1 ? ShapeWords.expandDims(unified.get(0), 0) : unified.get(0);
        Tensor b = right.rank() == 1 ? ShapeWords.expandDims(unified.get(1), 1) : unified.get(1);
        Tensor product = product(a, b);
        List<Integer> unit = new ArrayList<>();
        if (right.rank() == 1) {
            unit.add(product.rank() - 1);
        }
        if (left.rank() == 1) {
            unit.add(product.rank() - 2);
        }
        return unit.isEmpty() ? product : ShapeWords.squeeze(product, Axes.of(unit));
    }

    /** NumPy's {@code dot}: a sum of products over the last axis of {@code left} and the second to last of {@code right}. */
    static Tensor dot(Tensor left, Tensor right) {
        if (left.rank() == 0 || right.rank() == 0) {
            return ElementwiseWords.apply(ScalarOp.MULTIPLY, Promotion.strong(List.of(left, right)));
        }
        if (right.rank() <= 2) {
            return matmul(left, right);
        }
        int inner = right.rank() - 2;
        checkInner(left, right, inner);
        List<Tensor> unified = Promotion.unified(List.of(left, right));
        List<Integer> order = new ArrayList<>(List.of(inner));
        IntStream.range(0, right.rank()).filter(axis -> axis != inner).forEach(order::add);
        Tensor columns = ShapeWords.dimshuffle(unified.get(1), order);
        List<Dim> rest = columns.shape().dims().subList(1, columns.rank());
        Dim size = right.shape().dim(inner);
        Tensor product = matmul(unified.get(0), ShapeWords.reshape(columns, Shape.of(size, Shape.product(rest))));
        List<Dim> dims = new ArrayList<>(left.shape().dims().subList(0, left.rank() - 1));
        dims.addAll(rest);
        return ShapeWords.reshape(product, new Shape(dims));
    }

    private static void checkInner(Tensor left, Tensor right, int rightAxis) {
        Dim k1 = left.shape().dim(left.rank() - 1);
        Dim k2 = right.shape().dim(rightAxis);
        if (k1.isKnown() && k2.isKnown() && !k1.equals(k2)) {
            throw TypeErrors.of(
                    new Op.MatMul(),
                    List.of(left, right),
                    "inner dimensions %s and %s differ; transpose or reshape one of them".formatted(k1, k2));
        }
    }

    /** The product of matrices of one dtype. Of bools it is, as in NumPy, whether any pair is true. */
    static Tensor product(Tensor a, Tensor b) {
        if (a.dtype() != DType.BOOL) {
            return Apply.of(new Op.MatMul(), a, b).output();
        }
        Tensor counts = Apply.of(
                        new Op.MatMul(),
                        Promotion.convert(a, DType.INT32, null),
                        Promotion.convert(b, DType.INT32, null))
                .output();
        return Promotion.convert(counts, DType.BOOL, null);
    }

    /** NumPy's {@code outer}: every product of an element of one and an element of the other, both flattened. */
    static Tensor outer(Tensor left, Tensor right) {
        Tensor column = ShapeWords.expandDims(ShapeWords.flatten(left), 1);
        return ElementwiseWords.apply(ScalarOp.MULTIPLY, List.of(column, ShapeWords.flatten(right)));
    }

    static Tensor diagonal(Tensor x, long offset, int axis1, int axis2) {
        if (x.rank() < 2) {
            throw TypeErrors.of("diagonal", List.of(x), "it takes a matrix or a tensor of higher rank");
        }
        List<Integer> axes = Axes.resolve("diagonal", x, List.of(axis1, axis2), x.rank());
        return Apply.of(new Op.Diagonal(offset, axes.get(0), axes.get(1)), x).output();
    }

    static Tensor trace(Tensor x, long offset, int axis1, int axis2) {
        Tensor diagonal = diagonal(x, offset, axis1, axis2);
        Tensor wide = diagonal.dtype().isFloating() ? diagonal : Promotion.convert(diagonal, DType.INT64, null);
        return Apply.of(new Op.Reduce(ReduceOp.SUM, List.of(diagonal.rank() - 1), false), wide)
                .output();
    }
}
