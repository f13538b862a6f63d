package dev.tessera.compile;

import dev.tessera.expr.Axes;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Index;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.TopElements;
import dev.tessera.expr.Variable;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Expressions that together use every op over several ranks, axes and dtypes, with known and unknown sizes. */
final class ExpressionTable {
    private static final Dim N = Dim.named("n");
    private static final Dim M = Dim.named("m");

    private final Map<String, Graph> graphs = new LinkedHashMap<>();

    private ExpressionTable() {}

    /** The graphs by what they do. Unknown sizes are n and m. */
    static Map<String, Graph> graphs() {
        ExpressionTable table = new ExpressionTable();
        table.addElementwise();
        table.addReductions();
        table.addNeural();
        table.addShapes();
        table.addProducts();
        table.addEdges();
        return table.graphs;
    }

    /** A few graphs over rows of n and of n by m elements, of which blocks may cut any step. */
    static Map<String, Graph> ofBlocks() {
        ExpressionTable table = new ExpressionTable();
        Tensor x = variable("x", DType.FLOAT32, N, M);
        Tensor y = variable("y", DType.FLOAT64, N, M);
        Tensor i = variable("i", DType.INT32, N, M);
        table.add("chain", Tensors.mul(Tensors.exp(x), Tensors.sigmoid(x)), Tensors.add(x, i));
        for (int axis = 0; axis < 2; axis++) {
            table.add("softmax " + axis, Tensors.softmax(x, axis));
            table.add("layer norm " + axis, Tensors.layerNorm(y, axis, null, null, 1e-3));
            table.add("sum and max " + axis, Tensors.sum(y, axis), Reduction.MAX.of(x, Axes.of(axis), false));
            table.add("argmin " + axis, Reduction.ARGMIN.of(i, Axes.of(axis), true));
            table.add("cumsum " + axis, Tensors.cumsum(i, axis));
        }
        table.add("all of it", Tensors.sum(Tensors.square(x)), Tensors.logsumexp(y));
        table.add("product", Tensors.matmul(x, Tensors.transpose(x)), Tensors.matmul(Tensors.transpose(y), y));
        table.add("parts", Tensors.concat(List.of(Tensors.neg(x), Tensors.transpose(Tensors.transpose(x))), 0));
        table.add("backwards", Tensors.slice(x, Index.every(-1)), Tensors.exp(Tensors.transpose(x)));
        return table.graphs;
    }

    private static Variable variable(String name, DType dtype, Dim... dims) {
        return Tensors.variable(name, dtype, dims);
    }

    private static Variable known(String name, DType dtype, long... sizes) {
        Dim[] dims = new Dim[sizes.length];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = Dim.of(sizes[i]);
        }
        return variable(name, dtype, dims);
    }

    private void add(String what, Tensor... outputs) {
        Graph.Output[] named = new Graph.Output[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            named[i] = new Graph.Output("y" + i, outputs[i]);
        }
        Graph previous = graphs.put(what, Graph.of(named));
        if (previous != null) {
            throw new IllegalStateException("Two expressions are called " + what);
        }
    }

    /** The function of tensors of known and of unknown sizes, whose rank and dtype each are {@code shapes} of. */
    private void addFor(String what, DType dtype, List<Shape> shapes, UnaryOperator<Tensor> function) {
        for (Shape shape : shapes) {
            add(
                    what + " of " + dtype + shape,
                    function.apply(variable("x", dtype, shape.dims().toArray(Dim[]::new))));
        }
    }

    private void addElementwise() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.BOOL)) {
            for (ScalarOp op : ScalarOp.values()) {
                if (!op.accepts(dtype)) {
                    continue;
                }
                Tensor x = variable("x", dtype, Dim.of(3), N);
                Tensor y = variable("y", dtype, N);
                Tensor condition = variable("c", DType.BOOL, Dim.of(3), Dim.ONE);
                switch (op.arity()) {
                    case 1 -> add(op + " of " + dtype, Tensors.apply(op, x));
                    case 2 -> add(op + " of " + dtype, Tensors.apply(op, x, y));
                    default -> add(op + " of " + dtype, Tensors.apply(op, condition, x, y));
                }
            }
            for (DType to : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.BOOL)) {
                add("cast " + dtype + " to " + to, Tensors.cast(variable("x", dtype, N), to));
            }
        }
        Tensor column = variable("x", DType.FLOAT32, N, Dim.ONE);
        Tensor row = variable("y", DType.FLOAT32, Dim.ONE, M);
        add("outer sum", Tensors.add(column, row));
        add("shared chain", Tensors.exp(column), Tensors.mul(Tensors.exp(column), Tensors.sigmoid(row)));
        add("clip", Tensors.clip(row, Tensors.weak(-0.5), Tensors.weak(0.5)));
    }

    private void addReductions() {
        List<Shape> cubes = List.of(Shape.of(2, 3, 4), Shape.of(N, Dim.of(3), M), Shape.of(1, 5, 1));
        for (Reduction word : Reduction.values()) {
            boolean isPosition = word == Reduction.ARGMAX || word == Reduction.ARGMIN;
            for (DType dtype : List.of(DType.FLOAT32, DType.INT32, DType.BOOL)) {
                for (boolean keepDims : new boolean[] {false, true}) {
                    String name = word + (keepDims ? " kept" : "");
                    addFor(name + " all", dtype, cubes, x -> word.of(x, Axes.ALL, keepDims));
                    addFor(name + " first", dtype, cubes, x -> word.of(x, Axes.of(0), keepDims));
                    addFor(name + " middle", dtype, cubes, x -> word.of(x, Axes.of(1), keepDims));
                    addFor(name + " last", dtype, cubes, x -> word.of(x, Axes.of(-1), keepDims));
                    if (!isPosition) {
                        addFor(name + " outer two", dtype, cubes, x -> word.of(x, Axes.of(0, 2), keepDims));
                        addFor(name + " first two", dtype, cubes, x -> word.of(x, Axes.of(0, 1), keepDims));
                    }
                }
            }
        }
        addFor("sum of a scalar", DType.FLOAT32, List.of(Shape.SCALAR), x -> Reduction.SUM.of(x, Axes.ALL, false));
        addFor("sum of transposed", DType.FLOAT32, cubes, x -> Tensors.sum(Tensors.transpose(x, 1, 0, 2), 0, 1));
        addFor("sum of product", DType.FLOAT64, cubes, x -> Tensors.sum(Tensors.mul(x, Tensors.exp(x)), 0, 2));
    }

    private void addNeural() {
        List<Shape> squares = List.of(Shape.of(3, 4), Shape.of(N, M), Shape.of(Dim.ONE, N));
        for (int axis = 0; axis < 2; axis++) {
            int along = axis;
            addFor("softmax " + axis, DType.FLOAT32, squares, x -> Tensors.softmax(x, along));
            addFor("log softmax " + axis, DType.FLOAT64, squares, x -> Tensors.logSoftmax(x, along));
            addFor("layer norm " + axis, DType.FLOAT32, squares, x -> Tensors.layerNorm(x, along, null, null, 1e-5));
            addFor("cumsum " + axis, DType.FLOAT32, squares, x -> Tensors.cumsum(x, along));
            addFor("cumsum int " + axis, DType.INT32, squares, x -> Tensors.cumsum(x, along));
            addFor(
                    "standardize " + axis,
                    DType.FLOAT32,
                    squares,
                    x -> Tensors.div(
                            Tensors.sub(x, Reduction.MEAN.of(x, Axes.of(along), true)),
                            Reduction.STD.of(x, Axes.of(along), true)));
        }
        for (int axis = 0; axis < 2; axis++) {
            for (DType dtype : List.of(DType.FLOAT32, DType.INT64, DType.BOOL)) {
                TopElements top = Tensors.topk(known("x", dtype, 3, 4), 2, axis);
                add("topk " + axis + " of " + dtype, top.values(), top.indices());
            }
        }
        TopElements unknown = Tensors.topk(variable("x", DType.FLOAT32, N, M), 1, 0);
        add("topk of unknown", unknown.values(), unknown.indices());
        Tensor x = variable("x", DType.FLOAT32, N);
        Tensor gain = variable("gain", DType.FLOAT32, N);
        add("layer norm with gain", Tensors.layerNorm(x, 0, gain, Tensors.weak(0.5), 1e-3));
        add("norm then scale", Tensors.div(x, Tensors.norm(x)));
        add("softmax of scores", Tensors.softmax(Tensors.mul(x, Tensors.parameter("t", DType.FLOAT32)), 0));
    }

    private void addShapes() {
        Tensor x = variable("x", DType.FLOAT32, N, Dim.of(4));
        Tensor y = variable("y", DType.FLOAT32, M, Dim.of(4));
        Tensor indices = variable("i", DType.INT64, M);
        List<Shape> squares = List.of(Shape.of(3, 4), Shape.of(N, Dim.of(4)));
        for (DType dtype : List.of(DType.FLOAT32, DType.INT32, DType.BOOL)) {
            addFor("transpose", dtype, squares, Tensors::transpose);
            addFor("flatten transposed", dtype, squares, t -> Tensors.flatten(Tensors.transpose(t)));
            addFor("reverse", dtype, squares, t -> Tensors.slice(t, Index.every(-1), Index.ALL));
            addFor("tile", dtype, squares, t -> Tensors.tile(t, 2, 3));
            addFor("diagonal", dtype, squares, t -> Tensors.diagonal(t, 1, 0, 1));
            addFor("pad", dtype, squares, t -> Tensors.pad(t, List.of(1L, 0L), List.of(2L, 1L), Tensors.weak(true)));
            addFor("concat with itself", dtype, squares, t -> Tensors.concat(List.of(t, t), 0));
            addFor("stack", dtype, squares, t -> Tensors.stack(List.of(t, Tensors.logicalNot(Tensors.eq(t, t))), 1));
            addFor("take", dtype, squares, t -> Tensors.take(t, Tensors.constant(new int[] {2, -1, 0}, 3), 1));
        }
        add("concat", Tensors.concat(List.of(Tensors.exp(x), y, Tensors.sigmoid(y)), 0));
        add("pad computed", Tensors.pad(Tensors.exp(x), List.of(0L, 2L), List.of(0L, 2L), Tensors.weak(7)));
        add("one hot", Tensors.oneHot(indices, 5, DType.FLOAT32));
        add("reshape computed", Tensors.reshape(Tensors.exp(x), Dim.of(2), Dim.of(2), N));
        add("reshape then sum", Tensors.sum(Tensors.reshape(Tensors.exp(x), Dim.of(2), Dim.of(2), N), 1));
        add(
                "slice then sum",
                Tensors.sum(Tensors.slice(x, Index.ALL, Index.from(1).step(2)), 0));
        add("trace", Tensors.trace(known("x", DType.INT32, 3, 3), 0, 0, 1));
    }

    private void addProducts() {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.BOOL)) {
            Tensor x = variable("x", dtype, N, Dim.of(3));
            Tensor y = variable("y", dtype, Dim.of(3), M);
            Tensor v = variable("v", dtype, Dim.of(3));
            Tensor batch = variable("z", dtype, Dim.of(2), Dim.ONE, Dim.of(3), N);
            add("matmul " + dtype, Tensors.matmul(x, y));
            add("matrix by vector " + dtype, Tensors.matmul(x, v));
            add("vector by matrix " + dtype, Tensors.matmul(v, y));
            add("inner " + dtype, Tensors.matmul(v, v));
            add("batched " + dtype, Tensors.matmul(x, batch));
            add("outer " + dtype, Tensors.outer(v, x));
            add("gram " + dtype, Tensors.matmul(x, Tensors.transpose(x)));
            add("transposed product " + dtype, Tensors.transpose(Tensors.matmul(x, y)));
        }
        Parameter w = Tensors.parameter("w", DType.FLOAT32, Dim.of(3), Dim.of(5));
        Parameter b = Tensors.parameter("b", DType.FLOAT32, Dim.of(5));
        Tensor x = variable("x", DType.FLOAT32, Dim.of(3));
        add("dense", Tensors.relu(Tensors.add(Tensors.matmul(x, w), b)));
        add("dense normalized", Tensors.softmax(Tensors.add(Tensors.matmul(x, Tensors.sigmoid(w)), b), 0));
        add("chain", Tensors.matmul(Tensors.matmul(Tensors.matmul(x, w), Tensors.transpose(w)), w));
        Tensor matrix = variable("x", DType.FLOAT64, Dim.of(3), N);
        add(
                "gram of shifted",
                Tensors.matmul(
                        Tensors.sub(matrix, Reduction.MEAN.of(matrix, Axes.of(0), true)),
                        Tensors.transpose(Tensors.sub(matrix, Reduction.MEAN.of(matrix, Axes.of(0), true)))));
    }

    private void addEdges() {
        Tensor x = variable("x", DType.FLOAT32, N);
        Tensor s = variable("s", DType.FLOAT64);
        Parameter p = Tensors.parameter("p", DType.FLOAT32, Dim.of(4));
        Tensor constant = Tensors.constant(new float[] {1, 2, 3}, 3);
        add("input", x);
        add("parameter", p, x);
        add("constant", constant, x);
        add("twice", Tensors.exp(x), Tensors.exp(x), x, x);
        add("view and value", Tensors.expandDims(x, 0), Tensors.neg(x));
        add("same value twice", same(Tensors.exp(x)));
        add("scalar", Tensors.exp(s), Tensors.mul(s, s));
        add("scalar to matrix", Tensors.broadcastTo(s, Shape.of(N, Dim.of(2))), x);
        add("parameter only", Tensors.exp(p), Tensors.sum(p));
        add("constant stretched", Tensors.broadcastTo(Tensors.constant(2f), Shape.of(N)), x);
        add(
                "constant stretched and used",
                Tensors.add(Tensors.exp(Tensors.broadcastTo(Tensors.constant(2f), Shape.of(N))), x));
        add("parameter stretched", Tensors.sum(Tensors.square(Tensors.broadcastTo(p, Shape.of(N, Dim.of(4)))), 1), x);
        add("folded", Tensors.add(Tensors.sum(Tensors.exp(constant)), s));
        add("empty", Tensors.sum(known("x", DType.FLOAT32, 0, 3), 0), Tensors.exp(known("y", DType.INT32, 0)));
        add("softmax of nothing", Tensors.softmax(known("x", DType.FLOAT32, 3, 0), 1));
        add("logsumexp of nothing", Tensors.logsumexp(known("x", DType.FLOAT32, 3, 0), 1));
        add("two unknowns made equal", Tensors.exp(Tensors.add(x, variable("y", DType.FLOAT32, Dim.named("k")))));
        Tensor known = known("z", DType.FLOAT32, 4);
        add(
                "unknown made known",
                Tensors.softmax(Tensors.mul(known, Tensors.relu(variable("k", DType.FLOAT32, Dim.named("k4")))), 0));
        add("last row", Tensors.slice(variable("x", DType.FLOAT32, N, M), Index.at(-1)));
        add("rank six", Tensors.sum(Tensors.exp(known("x", DType.FLOAT32, 2, 1, 2, 3, 1, 2)), 1, 3, 5));
    }

    private static Tensor[] same(Tensor value) {
        List<Tensor> twice = new ArrayList<>(List.of(value, value));
        return twice.toArray(Tensor[]::new);
    }
}
