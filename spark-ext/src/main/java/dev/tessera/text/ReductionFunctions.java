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
        table.add("var(a|x, axis|dim=, *, ddof=, keepdims|keepdim=)", call -> spread(call, Reduction.VAR));
        table.add("std(a|x, axis|dim=, *, ddof=, keepdims|keepdim=)", call -> spread(call, Reduction.STD));
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

    private static Tensor spread(Call call, Reduction reduction) {
        if (call.integer("ddof", 0) != 0) {
            throw call.error("ddof", "is 0 here; scale the result");
        }
        return reduce(call, reduction);
    }

    private static Tensor norm(Call call) {
        if (call.has("ord") && call.number("ord", 2) != 2) {
            throw call.error("ord", "is 2 here, the Euclidean norm");
        }
        Tensor x = call.tensor("x");
        Axes axes = call.axes("axis");
        // NumPy takes None of a matrix for the Frobenius norm, and 2 for the largest singular value.
        int count = call.has("axis") ? call.axisList("axis").size() : x.rank();
        if (count > 2 || (count == 2 && call.has("ord"))) {
            throw call.error("x", "has one or two axes for a norm; name one with axis=, or leave out ord of a matrix");
        }
        return Reduction.NORM.of(x, axes, call.bool("keepdims"));
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
