package dev.tessera.text;

import dev.tessera.expr.Axes;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.TopElements;
import dev.tessera.tensor.DType;
import java.util.List;

/** The reductions of the text language, and products. */
final class ReductionFunctions {
    private static final String DTYPED = "(a|x|input, axis|dim=, dtype=, *, keepdims|keepdim=)";
    private static final String SPREAD = "(a|x|input, axis|dim=, *, ddof|correction=, keepdims|keepdim=)";
    private static final String PLAIN = "(a|x|input, axis|dim=, *, keepdims|keepdim=)";

    private ReductionFunctions() {}

    static void addTo(TextFunctions.Table table) {
        table.add("sum" + DTYPED, call -> inDType(call, Reduction.SUM));
        table.add("prod" + DTYPED, call -> inDType(call, Reduction.PROD));
        table.add("mean" + DTYPED, call -> inDType(call, Reduction.MEAN));
        table.add("max" + PLAIN, call -> reduce(call, Reduction.MAX), "amax");
        table.add("min" + PLAIN, call -> reduce(call, Reduction.MIN), "amin");
        table.add("any" + PLAIN, call -> reduce(call, Reduction.ANY));
        table.add("all" + PLAIN, call -> reduce(call, Reduction.ALL));
        table.add("argmax" + PLAIN, call -> reduce(call, Reduction.ARGMAX));
        table.add("argmin" + PLAIN, call -> reduce(call, Reduction.ARGMIN));
        table.add("logsumexp" + PLAIN, call -> reduce(call, Reduction.LOGSUMEXP));
        table.add("var" + SPREAD, ReductionFunctions::var);
        table.add("std" + SPREAD, call -> var(call).sqrt());
        table.add("norm(x|a, ord|p=, axis|dim=, keepdims|keepdim=)", ReductionFunctions::norm);
        table.add("cumsum(a|x, axis|dim=, dtype=)", ReductionFunctions::cumsum);
        table.addAny("topk(x|input, k, axis|dim=)", ReductionFunctions::topk);
        table.add("dot(a, b)", call -> Tensors.dot(call.tensor("a"), call.tensor("b")));
        table.add("matmul(a|x1, b|x2)", call -> Tensors.matmul(call.tensor("a"), call.tensor("b")), "mm");
        table.add("outer(a, b)", call -> Tensors.outer(call.tensor("a"), call.tensor("b")));
        table.add(
                "einsum(subscripts, *operands)",
                call -> Tensors.einsum(call.text("subscripts"), call.tensors().toArray(Tensor[]::new)));
    }

    private static Tensor reduce(Call call, Reduction reduction) {
        return reduction.of(call.tensor("a"), call.axes("axis"), call.bool("keepdims"));
    }

    /** In the dtype that is asked for, whatever the reduction would take by itself. */
    private static Tensor inDType(Call call, Reduction reduction) {
        if (!call.has("dtype")) {
            return reduce(call, reduction);
        }
        DType dtype = call.dtype("dtype");
        if (dtype == DType.BOOL) {
            throw call.error("dtype", "is a number's; use any or all");
        }
        return reduction
                .of(call.tensor("a").cast(dtype), call.axes("axis"), call.bool("keepdims"))
                .cast(dtype);
    }

    private static Tensor var(Call call) {
        return call.tensor("a").var(call.axes("axis"), call.bool("keepdims"), call.number("ddof", 0));
    }

    /** NumPy takes None for the Euclidean norm of all elements, and an order as of a vector or a matrix. */
    private static Tensor norm(Call call) {
        Tensor x = call.tensor("x");
        int count = call.has("axis") ? call.axisList("axis").size() : x.rank();
        boolean isPlain = !call.has("axis") && !call.has("ord");
        if (!isPlain && count != 1 && count != 2) {
            throw call.error("x", "has one or two axes for a norm, not %d; name them with axis=".formatted(count));
        }
        if (!call.has("ord") || isFrobenius(call, count)) {
            return x.norm(call.axes("axis"), call.bool("keepdims"));
        }
        double order = call.number("ord", 2);
        if (count == 1) {
            return x.norm(order, call.axes("axis"), call.bool("keepdims"));
        }
        return matrixNorm(call, x, order);
    }

    private static boolean isFrobenius(Call call, int count) {
        return call.argument("ord") instanceof Argument.Text text && text.text().equals("fro") && count == 2;
    }

    /** The largest or smallest sum of absolute values of a column or a row. */
    private static Tensor matrixNorm(Call call, Tensor x, double order) {
        if (Math.abs(order) != 1 && !Double.isInfinite(order)) {
            throw call.error("ord", "of a matrix is 'fro', 1, -1, inf or -inf; there are no singular values here");
        }
        List<Integer> axes = call.has("axis") ? call.axisList("axis") : List.of(0, 1);
        int summed = Math.abs(order) == 1 ? 0 : 1;
        Tensor sums = x.norm(1, Axes.of(axes.get(summed)), true);
        double extreme = order > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        Tensor norms = sums.norm(extreme, Axes.of(axes.get(1 - summed)), true);
        return call.bool("keepdims") ? norms : Tensors.squeeze(norms, axes.get(0), axes.get(1));
    }

    private static Tensor cumsum(Call call) {
        Tensor x = call.has("dtype") ? call.tensor("a").cast(call.dtype("dtype")) : call.tensor("a");
        Tensor sums = call.has("axis") ? Tensors.cumsum(x, call.axis("axis", 0)) : Tensors.cumsum(x);
        return call.has("dtype") ? sums.cast(call.dtype("dtype")) : sums;
    }

    private static Argument topk(Call call) {
        TopElements top = Tensors.topk(call.tensor("x"), call.integer("k"), call.axis("axis", -1));
        return new Argument.Sequence(
                List.of(new Argument.Value(top.values()), new Argument.Value(top.indices())), false);
    }
}
