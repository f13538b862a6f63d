package dev.tessera.text;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Axes;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Index;
import dev.tessera.expr.Op;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.TopElements;
import dev.tessera.expr.Variable;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Graphs that have every kind of op, constant and dim between them. */
final class SampleGraphs {
    private static final Dim N = Dim.named("n");
    private static final Variable MATRIX = Tensors.variable("x", DType.FLOAT32, N, Dim.of(4));
    private static final Parameter WEIGHTS = Tensors.parameter("w", DType.FLOAT32, Dim.of(4), Dim.of(4));
    private static final Variable INDICES = Tensors.variable("i", DType.INT32, Dim.of(3));

    private SampleGraphs() {}

    static List<Graph> all() {
        return List.of(elementwise(), reductions(), shapes(), rewritten(), constants(), unlistedReads());
    }

    /** Every scalar function, of floats, integers or bools as it takes them. */
    private static Graph elementwise() {
        List<Graph.Output> outputs = new ArrayList<>();
        Tensor bools = MATRIX.gt(0.5);
        for (ScalarOp op : ScalarOp.values()) {
            Tensor x = op.accepts(DType.FLOAT32) ? MATRIX : bools;
            Tensor value = switch (op.arity()) {
                case 1 -> Tensors.apply(op, x);
                case 2 -> Tensors.apply(op, x, x);
                default -> Tensors.apply(op, bools, x, Tensors.weak(0));
            };
            outputs.add(new Graph.Output(op.toString(), value));
        }
        outputs.add(new Graph.Output("cast", MATRIX.cast(DType.INT64)));
        return Graph.of(outputs.toArray(Graph.Output[]::new));
    }

    private static Graph reductions() {
        List<Graph.Output> outputs = new ArrayList<>();
        for (Reduction reduction : Reduction.values()) {
            outputs.add(new Graph.Output(reduction + "_last", reduction.of(MATRIX, Axes.of(-1), true)));
            outputs.add(new Graph.Output(reduction + "_all", reduction.of(WEIGHTS, Axes.ALL, false)));
        }
        TopElements top = MATRIX.topk(2);
        outputs.add(new Graph.Output("top", top.values()));
        outputs.add(new Graph.Output("top_at", top.indices()));
        outputs.add(new Graph.Output("cumsum", MATRIX.cumsum(0)));
        outputs.add(new Graph.Output("softmax", MATRIX.softmax()));
        outputs.add(new Graph.Output("log_softmax", MATRIX.logSoftmax(0)));
        outputs.add(new Graph.Output("layer_norm", MATRIX.layerNorm()));
        return Graph.of(outputs.toArray(Graph.Output[]::new));
    }

    private static Graph shapes() {
        Tensor product = MATRIX.matmul(WEIGHTS);
        return Graph.of(
                new Graph.Output("matmul", product),
                new Graph.Output("reshape", product.reshape(Dim.of(2), N, Dim.of(2))),
                new Graph.Output("transpose", product.transpose()),
                new Graph.Output("expanded", product.expandDims(0, 3)),
                new Graph.Output("broadcast", INDICES.broadcastTo(5, 3)),
                new Graph.Output("slice", product.slice(Index.range(1, -1).step(2), Index.every(-1))),
                new Graph.Output("diagonal", Tensors.diagonal(product, -1, 1, 0)),
                new Graph.Output("concat", Tensors.concat(List.of(product, MATRIX, product), 0)),
                new Graph.Output("pad", product.pad(List.of(1L, 0L), List.of(2L, 3L), Tensors.weak(0.5))),
                new Graph.Output("take", WEIGHTS.take(INDICES, 0)),
                new Graph.Output("one_hot", INDICES.oneHot(7, DType.FLOAT32)));
    }

    /** The ops that only rewriting makes. */
    private static Graph rewritten() {
        RowProgram program = new RowProgram(
                List.of(new RowProgram.Input(DType.FLOAT32, true)),
                List.of(
                        new RowProgram.Load(0),
                        new RowProgram.Immediate(DType.FLOAT32, Double.doubleToRawLongBits(-0.0)),
                        new RowProgram.Map(ScalarOp.ADD, List.of(0, 1)),
                        new RowProgram.Reduce(ReduceOp.SUM, 2),
                        new RowProgram.Convert(DType.INT32, 3)),
                List.of(2, 4));
        Apply fused = Apply.of(new Op.Fused(program), MATRIX);
        Tensor bias = Tensors.constant(new float[] {1, 2, 3, 4});
        return Graph.of(
                new Graph.Output(
                        "gemm",
                        Apply.of(new Op.Gemm(false, null), MATRIX, WEIGHTS).output()),
                new Graph.Output(
                        "dense",
                        Apply.of(new Op.Gemm(true, ScalarOp.RELU), MATRIX, WEIGHTS, bias)
                                .output()),
                new Graph.Output("syrk", Apply.of(new Op.Syrk(), MATRIX).output()),
                new Graph.Output("fused", fused.outputs().get(0)),
                new Graph.Output("fused_sum", fused.outputs().get(1)));
    }

    /** Constants of every dtype, strong and weak, as outputs and as inputs, one of them read twice. */
    private static Graph constants() {
        Tensor twice = Tensors.constant(new double[] {Double.NaN, -0.0, Double.MIN_VALUE}, 3);
        return Graph.of(
                new Graph.Output("weak", Tensors.weak(7)),
                new Graph.Output("weak_float", Tensors.weak(0.1)),
                new Graph.Output("weak_bool", Tensors.weak(true)),
                new Graph.Output("bools", Tensors.constant(new boolean[] {true, false}, 2, 1)),
                new Graph.Output("ints", Tensors.constant(new int[0], 0, 5)),
                new Graph.Output("longs", Tensors.constant(Long.MIN_VALUE)),
                new Graph.Output(
                        "strided",
                        Tensors.constant(
                                HostTensor.of(new float[] {1, 2, 3, 4}, 2, 2).row(1))),
                new Graph.Output("twice", twice.add(twice)));
    }

    /** Inputs that no output needs, and dims that are more than a name. */
    private static Graph unlistedReads() {
        Dim size = Dim.max(N.times(2).plus(-1), Dim.named("m")).floorDivide(3);
        Variable odd = Tensors.variable("odd é", DType.BOOL, size);
        return new Graph(List.of(odd, MATRIX), List.of(WEIGHTS), List.of(new Graph.Output("y", odd.logicalNot())));
    }
}
