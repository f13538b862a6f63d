package dev.tessera.text;

import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The functions of the text language that move elements, and those of neural networks. */
final class ShapeFunctions {
    private static final double LAYER_NORM_EPSILON = 1e-5;

    private ShapeFunctions() {}

    static void addTo(TextFunctions.Table table) {
        table.add("transpose(a|x, axes=)", call -> Tensors.transpose(call.tensor("a"), axes(call)), "permute");
        table.add("dimshuffle(x, order)", ShapeFunctions::dimshuffle);
        table.add(
                "trace(a|x, offset=, axis1=, axis2=)",
                call -> Tensors.trace(
                        call.tensor("a"), call.integer("offset", 0), call.axis("axis1", 0), call.axis("axis2", 1)));
        table.add(
                "diagonal(a|x, offset=, axis1=, axis2=)",
                call -> Tensors.diagonal(
                        call.tensor("a"), call.integer("offset", 0), call.axis("axis1", 0), call.axis("axis2", 1)));
        table.add("reshape(a|x, shape|newshape)", call -> Tensors.reshape(call.tensor("a"), dims(call)));
        table.add("ravel(a|x)", call -> Tensors.flatten(call.tensor("a")), "flatten");
        table.add("squeeze(a|x, axis|dim=)", ShapeFunctions::squeeze);
        table.add("expand_dims(a|x, axis)", ShapeFunctions::expandDims, "unsqueeze");
        table.add("concatenate(arrays|tensors, axis|dim=)", ShapeFunctions::concatenate, "concat", "cat");
        table.add(
                "stack(arrays|tensors, axis|dim=)",
                call -> Tensors.stack(call.tensors("arrays"), call.axis("axis", 0)));
        table.add("take(a|x, indices, axis|dim=)", ShapeFunctions::take);
        table.add("pad(array|x, pad_width, mode=, *, constant_values=)", ShapeFunctions::pad);
        table.add("one_hot(x|tensor, num_classes|depth, dtype=)", ShapeFunctions::oneHot);
        table.add("tile(A|x, reps)", ShapeFunctions::tile);
        table.add(
                "broadcast_to(array|x, shape)",
                call -> Tensors.broadcastTo(call.tensor("array"), Shape.of(dims(call))));
        table.add("softmax(x|input, axis|dim=)", call -> Tensors.softmax(call.tensor("x"), call.axis("axis", -1)));
        table.add(
                "log_softmax(x|input, axis|dim=)", call -> Tensors.logSoftmax(call.tensor("x"), call.axis("axis", -1)));
        table.add(
                "layer_norm(x|input, weight|gain=, bias=, eps=, axis|dim=)",
                call -> Tensors.layerNorm(
                        call.tensor("x"),
                        call.axis("axis", -1),
                        call.tensorOrNull("weight"),
                        call.tensorOrNull("bias"),
                        call.number("eps", LAYER_NORM_EPSILON)));
    }

    private static int[] axes(Call call) {
        return call.has("axes")
                ? call.axisList("axes").stream().mapToInt(Integer::intValue).toArray()
                : new int[0];
    }

    private static Dim[] dims(Call call) {
        return call.integers("shape").stream().map(Dim::of).toArray(Dim[]::new);
    }

    private static Tensor dimshuffle(Call call) {
        if (!(call.argument("order") instanceof Argument.Sequence order)) {
            throw call.error("order", "is a tuple of axes and 'x'");
        }
        List<Integer> axes = new ArrayList<>();
        for (Argument element : order.elements()) {
            boolean isNew = element instanceof Argument.Text text && text.text().equals("x");
            axes.add(isNew ? Op.DimShuffle.NEW_AXIS : (int) call.operands().integer(element, call.at("order")));
        }
        return Tensors.dimshuffle(
                call.tensor("x"), axes.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Tensor squeeze(Call call) {
        Tensor x = call.tensor("a");
        if (!call.has("axis")) {
            return Tensors.squeeze(x);
        }
        int[] axes = call.axisList("axis").stream().mapToInt(Integer::intValue).toArray();
        return axes.length == 0 ? x : Tensors.squeeze(x, axes);
    }

    private static Tensor expandDims(Call call) {
        int[] axes = call.axisList("axis").stream().mapToInt(Integer::intValue).toArray();
        return Tensors.expandDims(call.tensor("a"), axes);
    }

    private static Tensor concatenate(Call call) {
        List<Tensor> tensors = call.tensors("arrays");
        boolean isFlat = call.argumentIsNone("axis");
        return isFlat
                ? Tensors.concat(tensors.stream().map(Tensors::flatten).toList(), 0)
                : Tensors.concat(tensors, call.axis("axis", 0));
    }

    private static Tensor take(Call call) {
        Tensor x = call.tensor("a");
        Tensor indices = call.tensor("indices");
        return call.has("axis") ? Tensors.take(x, indices, call.axis("axis", 0)) : Tensors.take(x, indices);
    }

    private static Tensor pad(Call call) {
        if (call.has("mode") && !call.text("mode").equals("constant")) {
            throw call.error("mode", "is 'constant' here");
        }
        Tensor x = call.tensor("array");
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        widths(call, x.rank(), before, after);
        Tensor value = call.has("constant_values") ? call.tensor("constant_values") : Tensors.weak(0);
        return Tensors.pad(x, before, after, value);
    }

    /** One width for all, one pair for all, or a pair for each axis. */
    private static void widths(Call call, int rank, List<Long> before, List<Long> after) {
        List<Argument> pairs = Collections.nCopies(rank, call.argument("pad_width"));
        boolean nested = call.argument("pad_width") instanceof Argument.Sequence outer
                && outer.elements().stream().anyMatch(Argument.Sequence.class::isInstance);
        if (nested) {
            List<Argument> given = ((Argument.Sequence) call.argument("pad_width")).elements();
            pairs = given.size() == 1 ? Collections.nCopies(rank, given.get(0)) : given;
        }
        for (Argument pair : pairs) {
            List<Argument> ends = pair instanceof Argument.Sequence sequence ? sequence.elements() : List.of(pair);
            if (ends.isEmpty() || ends.size() > 2) {
                throw call.error("pad_width", "is a width, a pair (before, after), or one pair for each axis");
            }
            before.add(call.operands().integer(ends.get(0), call.at("pad_width")));
            after.add(call.operands().integer(ends.get(ends.size() - 1), call.at("pad_width")));
        }
    }

    private static Tensor oneHot(Call call) {
        long depth = call.integer("num_classes");
        call.operands().charge(depth > 0 ? Math.multiplyExact(depth, Long.BYTES) : 0, call.at("num_classes"));
        DType dtype = call.has("dtype") ? call.dtype("dtype") : DType.INT64;
        return Tensors.oneHot(call.tensor("x"), depth, dtype);
    }

    private static Tensor tile(Call call) {
        long[] repetitions =
                call.integers("reps").stream().mapToLong(Long::longValue).toArray();
        return Tensors.tile(call.tensor("A"), repetitions);
    }
}
