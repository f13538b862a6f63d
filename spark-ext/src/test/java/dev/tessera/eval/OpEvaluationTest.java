package dev.tessera.eval;

import static dev.tessera.eval.Evaluations.bool;
import static dev.tessera.eval.Evaluations.f32;
import static dev.tessera.eval.Evaluations.f64;
import static dev.tessera.eval.Evaluations.faithful;
import static dev.tessera.eval.Evaluations.i32;
import static dev.tessera.eval.Evaluations.i64;
import static dev.tessera.eval.Evaluations.scalar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OpEvaluationTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final HostTensor MATRIX = HostTensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);

    private static Op reduce(ReduceOp op, Integer... axes) {
        return new Op.Reduce(op, List.of(axes), false);
    }

    @Test
    void reductionsRunOverTheirAxes() {
        assertThat(faithful(reduce(ReduceOp.SUM, 0), MATRIX).toDoubleArray()).containsExactly(5, 7, 9);
        assertThat(faithful(reduce(ReduceOp.SUM, 1), MATRIX).toDoubleArray()).containsExactly(6, 15);
        assertThat(faithful(reduce(ReduceOp.PROD, 0, 1), MATRIX).toDoubleArray())
                .containsExactly(720);
        assertThat(faithful(reduce(ReduceOp.MEAN, 1), MATRIX).toDoubleArray()).containsExactly(2, 5);
        assertThat(faithful(reduce(ReduceOp.MAX, 0), MATRIX).toDoubleArray()).containsExactly(4, 5, 6);
        assertThat(faithful(reduce(ReduceOp.MIN, 1), MATRIX).toDoubleArray()).containsExactly(1, 4);
        assertThat(faithful(new Op.Reduce(ReduceOp.SUM, List.of(1), true), MATRIX)
                        .sizes())
                .containsExactly(2, 1);
    }

    @Test
    void nanWinsMaximaAndMinimaAndTheirPositions() {
        HostTensor x = f64(1, NAN, 3, NAN, INF);

        assertThat(faithful(reduce(ReduceOp.MAX, 0), x).doubleAt(0)).isNaN();
        assertThat(faithful(reduce(ReduceOp.MIN, 0), x).doubleAt(0)).isNaN();
        assertThat(faithful(reduce(ReduceOp.ARGMAX, 0), x).longAt(0)).isEqualTo(1);
        assertThat(faithful(reduce(ReduceOp.ARGMIN, 0), x).longAt(0)).isEqualTo(1);
    }

    @Test
    void positionsAreOfTheFirstAmongEquals() {
        assertThat(faithful(reduce(ReduceOp.ARGMAX, 0), i32(2, 7, 7)).longAt(0)).isEqualTo(1);
        assertThat(faithful(reduce(ReduceOp.ARGMIN, 0), f32(0, -0.0f)).longAt(0))
                .isZero();
        assertThat(faithful(reduce(ReduceOp.ARGMAX, 0), bool(false, true)).longAt(0))
                .isEqualTo(1);
        assertThat(faithful(reduce(ReduceOp.ARGMIN, 0), i64(Long.MAX_VALUE, Long.MAX_VALUE - 1))
                        .longAt(0))
                .isEqualTo(1);
    }

    @Test
    void reductionsOfNothingHaveTheirIdentities() {
        HostTensor none = HostTensor.zeros(DType.FLOAT64, 2, 0);

        assertThat(faithful(reduce(ReduceOp.SUM, 1), none).toDoubleArray()).containsExactly(0, 0);
        assertThat(faithful(reduce(ReduceOp.PROD, 1), none).toDoubleArray()).containsExactly(1, 1);
        assertThat(faithful(reduce(ReduceOp.MEAN, 1), none).toDoubleArray()).containsExactly(NAN, NAN);
        assertThat(faithful(reduce(ReduceOp.ANY, 0), HostTensor.zeros(DType.BOOL, 0))
                        .longAt(0))
                .isZero();
        assertThat(faithful(reduce(ReduceOp.ALL, 0), HostTensor.zeros(DType.BOOL, 0))
                        .longAt(0))
                .isEqualTo(1);
        assertThat(faithful(reduce(ReduceOp.MAX, 0), none).elementCount()).isZero();
    }

    @Test
    void maximumOfAnUnknownSizeThatIsZeroIsRefused() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));
        Graph graph = Graph.of("y", Apply.of(reduce(ReduceOp.MAX, 0), x).output());

        assertThatThrownBy(() ->
                        ReferenceEvaluator.faithful().evaluate(graph, Map.of("x", HostTensor.zeros(DType.FLOAT32, 0))))
                .hasMessageContaining("max of no elements");
    }

    @Test
    void sumsOfInt64WrapAndThoseOfFloat32AreRoundedOnce() {
        assertThat(faithful(reduce(ReduceOp.SUM, 0), i64(Long.MAX_VALUE, 1)).longAt(0))
                .isEqualTo(Long.MIN_VALUE);
        assertThat(faithful(reduce(ReduceOp.PROD, 0), i64(1L << 40, 1L << 40)).longAt(0))
                .isZero();
        assertThat(faithful(reduce(ReduceOp.SUM, 0), f32(0x1p24f, 1, 1)).doubleAt(0))
                .isEqualTo(0x1p24 + 2);
        assertThat(faithful(reduce(ReduceOp.SUM, 0), f64(1e100, 1, -1e100)).doubleAt(0))
                .isEqualTo(1);
        assertThat(faithful(reduce(ReduceOp.SUM, 0), f64(INF, 1, -INF)).doubleAt(0))
                .isNaN();
        assertThat(faithful(reduce(ReduceOp.SUM, 0), f64(1, INF, 2)).doubleAt(0))
                .isEqualTo(INF);
    }

    @Test
    void runningSumsRunAlongTheirAxis() {
        assertThat(faithful(new Op.CumulativeSum(0), MATRIX).toDoubleArray()).containsExactly(1, 2, 3, 5, 7, 9);
        assertThat(faithful(new Op.CumulativeSum(1), MATRIX).toDoubleArray()).containsExactly(1, 3, 6, 4, 9, 15);
        assertThat(faithful(new Op.CumulativeSum(0), f64(1, NAN, 2)).toDoubleArray())
                .containsExactly(1, NAN, NAN);
        assertThat(faithful(new Op.CumulativeSum(1), HostTensor.zeros(DType.INT64, 3, 0))
                        .elementCount())
                .isZero();
    }

    @Test
    void largestComeInOrderNaNFirstAndEqualsByPosition() {
        HostTensor x = HostTensor.of(new double[] {3, NAN, 7, 7, 1, 9}, 2, 3);
        List<Variable> inputs = List.of(Tensors.variable("x", x.type()));
        Apply top = Apply.of(new Op.TopK(2, 1), inputs.get(0));
        Graph graph = Graph.of(
                new Graph.Output("values", top.outputs().get(0)),
                new Graph.Output("indices", top.outputs().get(1)));
        List<HostTensor> results = ReferenceEvaluator.faithful().evaluate(graph, Map.of("x", x));

        assertThat(results.get(0).toDoubleArray()).containsExactly(NAN, 7, 9, 7);
        assertThat(results.get(1).toLongArray()).containsExactly(1, 2, 2, 0);
        assertThat(faithful(new Op.TopK(1, 0), x).toDoubleArray()).containsExactly(7, NAN, 9);
        assertThat(faithful(new Op.TopK(0, 1), x).sizes()).containsExactly(2, 0);
        assertThat(faithful(new Op.TopK(3, 0), i32(5, 5, 6)).toLongArray()).containsExactly(6, 5, 5);
    }

    @Test
    void productsOfMatrices() {
        HostTensor b = HostTensor.of(new double[] {1, 0, 0, 1, 1, 1}, 3, 2);

        assertThat(faithful(new Op.MatMul(), MATRIX, b).toDoubleArray()).containsExactly(4, 5, 10, 11);
        assertThat(faithful(new Op.MatMul(), i32Matrix(65536, 65536), i32Matrix(65536, 1))
                        .longAt(0))
                .isZero();
        HostTensor empty = HostTensor.zeros(DType.FLOAT32, 2, 0);
        assertThat(faithful(new Op.MatMul(), empty, HostTensor.zeros(DType.FLOAT32, 0, 2))
                        .toDoubleArray())
                .containsExactly(0, 0, 0, 0);
    }

    private static HostTensor i32Matrix(int a, int b) {
        return HostTensor.of(new int[] {a, b, 0, 0}, 2, 2);
    }

    @Test
    void leadingAxesOfProductsAreRepeated() {
        HostTensor a = HostTensor.of(new double[] {1, 2, 3, 4}, 2, 1, 1, 2);
        HostTensor b = HostTensor.of(new double[] {1, 10, 100, 1000, 1, 1}, 3, 2, 1);

        assertThat(faithful(new Op.MatMul(), a, b).sizes()).containsExactly(2, 3, 1, 1);
        assertThat(faithful(new Op.MatMul(), a, b).toDoubleArray()).containsExactly(21, 2100, 3, 43, 4300, 7);
    }

    @Test
    void productsWithBiasAndActivationAndByTheirTranspose() {
        HostTensor b = HostTensor.of(new double[] {1, 1, 1}, 3, 1);

        assertThat(faithful(new Op.Gemm(true, ScalarOp.RELU), MATRIX, b, f64(-10))
                        .toDoubleArray())
                .containsExactly(0, 5);
        assertThat(faithful(new Op.Gemm(false, null), MATRIX, b).toDoubleArray())
                .containsExactly(6, 15);
        assertThat(faithful(new Op.Syrk(), MATRIX).toDoubleArray()).containsExactly(14, 32, 32, 77);
    }

    @Test
    void viewsMoveElements() {
        assertThat(faithful(new Op.Reshape(Shape.of(3, 2)), MATRIX).sizes()).containsExactly(3, 2);
        assertThat(faithful(new Op.DimShuffle(List.of(1, -1, 0)), MATRIX).sizes())
                .containsExactly(3, 1, 2);
        assertThat(faithful(new Op.DimShuffle(List.of(1, 0)), MATRIX).toDoubleArray())
                .containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(faithful(new Op.BroadcastTo(Shape.of(2, 2)), f64(1, 2)).toDoubleArray())
                .containsExactly(1, 2, 1, 2);
        Op.Slice reversed = new Op.Slice(
                List.of(new Op.Slice.Range(Dim.ONE, Dim.ONE, 1), new Op.Slice.Range(Dim.of(2), Dim.of(2), -2)));
        assertThat(faithful(reversed, MATRIX).toDoubleArray()).containsExactly(6, 4);
        assertThat(faithful(new Op.Diagonal(0, 0, 1), MATRIX).toDoubleArray()).containsExactly(1, 5);
        assertThat(faithful(new Op.Diagonal(1, 0, 1), MATRIX).toDoubleArray()).containsExactly(2, 6);
        assertThat(faithful(new Op.Diagonal(-1, 0, 1), MATRIX).toDoubleArray()).containsExactly(4);
        assertThat(faithful(new Op.Diagonal(5, 0, 1), MATRIX).sizes()).containsExactly(0);
    }

    @Test
    void partsAreJoinedAndPadded() {
        assertThat(faithful(new Op.Concat(1), MATRIX, HostTensor.of(new double[] {7, 8}, 2, 1))
                        .toDoubleArray())
                .containsExactly(1, 2, 3, 7, 4, 5, 6, 8);
        assertThat(faithful(new Op.Concat(0), f64(), f64(1)).toDoubleArray()).containsExactly(1);
        assertThat(faithful(new Op.Pad(List.of(1L), List.of(2L)), f64(5), scalar(DType.FLOAT64, 9))
                        .toDoubleArray())
                .containsExactly(9, 5, 9, 9);
    }

    @Test
    void takesCountNegativePositionsFromTheEndAndRefuseOthers() {
        assertThat(faithful(new Op.Take(1), MATRIX, i64(-1, 0)).toDoubleArray()).containsExactly(3, 1, 6, 4);
        assertThat(faithful(new Op.Take(0), MATRIX, HostTensor.of(new int[] {1}, 1, 1))
                        .sizes())
                .containsExactly(1, 1, 3);
        assertThatThrownBy(() -> faithful(new Op.Take(1), MATRIX, i64(3)))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("index 3 is out of range for axis 1 of size 3");
        assertThatThrownBy(() -> faithful(new Op.Take(1), MATRIX, i64(-4)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void softmaxIsShiftedByTheMaximum() {
        HostTensor x = f64(1000, 1000 + Math.log(3));

        assertThat(faithful(new Op.Softmax(0, false), x).toDoubleArray())
                .containsExactly(new double[] {0.25, 0.75}, within(1e-12));
        assertThat(faithful(new Op.Softmax(0, true), x).doubleAt(0)).isCloseTo(-Math.log(4), within(1e-12));
        assertThat(faithful(new Op.Softmax(0, false), f64(-INF, 0)).toDoubleArray())
                .containsExactly(0, 1);
        assertThat(faithful(new Op.Softmax(0, false), f64(1, NAN)).toDoubleArray())
                .containsExactly(NAN, NAN);
        assertThat(faithful(new Op.Softmax(0, false), f64(INF, 0)).doubleAt(0)).isNaN();
        assertThat(faithful(new Op.Softmax(1, false), HostTensor.zeros(DType.FLOAT32, 2, 0))
                        .sizes())
                .containsExactly(2, 0);
    }

    @Test
    void logOfSumOfExponentialsNeverOverflows() {
        Op over0 = new Op.LogSumExp(List.of(0), false);

        assertThat(faithful(over0, f64(1000, 1000)).doubleAt(0)).isCloseTo(1000 + Math.log(2), within(1e-12));
        assertThat(faithful(over0, f64(-INF, -INF)).doubleAt(0)).isEqualTo(-INF);
        assertThat(faithful(over0, f64(INF, 0)).doubleAt(0)).isEqualTo(INF);
        assertThat(faithful(over0, f64()).doubleAt(0)).isEqualTo(-INF);
        assertThat(faithful(new Op.LogSumExp(List.of(0, 1), true), MATRIX).sizes())
                .containsExactly(1, 1);
    }

    @Test
    void rowProgramMixesMapsAndReductions() {
        RowProgram centre = new RowProgram(
                List.of(new RowProgram.Input(DType.FLOAT64, true), new RowProgram.Input(DType.FLOAT64, false)),
                List.of(
                        new RowProgram.Load(0),
                        new RowProgram.Reduce(ReduceOp.MEAN, 0),
                        new RowProgram.Map(ScalarOp.SUBTRACT, List.of(0, 1)),
                        new RowProgram.Load(1),
                        new RowProgram.Map(ScalarOp.MULTIPLY, List.of(2, 3)),
                        new RowProgram.Immediate(DType.INT32, 7),
                        new RowProgram.Convert(DType.FLOAT64, 5),
                        new RowProgram.Map(ScalarOp.ADD, List.of(4, 6))),
                List.of(7, 1));
        HostTensor factors = HostTensor.of(new double[] {1, 10}, 2, 1);
        Variable x = Tensors.variable("x", MATRIX.type());
        Variable factor = Tensors.variable("factor", factors.type());
        Apply apply = Apply.of(new Op.Fused(centre), x, factor);
        List<Graph.Output> outputs = IntStream.range(0, 2)
                .mapToObj(i -> new Graph.Output("y" + i, apply.outputs().get(i)))
                .toList();
        List<HostTensor> results = ReferenceEvaluator.faithful()
                .evaluate(new Graph(List.of(x, factor), List.of(), outputs), Map.of("x", MATRIX, "factor", factors));

        assertThat(results.get(0).toDoubleArray()).containsExactly(6, 7, 8, -3, 7, 17);
        assertThat(results.get(1).sizes()).containsExactly(2, 1);
        assertThat(results.get(1).toDoubleArray()).containsExactly(2, 5);
    }

    @Test
    void unknownSizesAreBoundByTheInputsAndMustAgree() {
        Dim n = Dim.named("n");
        Variable x = Tensors.variable("x", DType.FLOAT64, n);
        Variable y = Tensors.variable("y", DType.FLOAT64, Dim.named("m"));
        Graph graph = Graph.of("z", x.add(y));
        ReferenceEvaluator evaluator = ReferenceEvaluator.faithful();

        assertThat(evaluator
                        .evaluate(graph, Map.of("x", f64(1, 2), "y", f64(3, 4)))
                        .get(0)
                        .toDoubleArray())
                .containsExactly(4, 6);
        assertThatThrownBy(() -> evaluator.evaluate(graph, Map.of("x", f64(1, 2), "y", f64(3))))
                .hasMessageContaining("differ");
        assertThatThrownBy(() -> evaluator.evaluate(graph, Map.of("x", f64(1)))).hasMessageContaining("no value");
        assertThatThrownBy(() -> evaluator.evaluate(graph, Map.of("x", f32(1), "y", f64(3))))
                .hasMessageContaining("Cannot bind x: declared float64[n], got float32[1]");
    }

    @Test
    void sizesThatAreExpressionsOfUnknownsAreChecked() {
        Dim n = Dim.named("n");
        Variable x = Tensors.variable("x", DType.FLOAT64, n);
        Variable y = Tensors.variable("y", DType.FLOAT64, n.plus(1));
        Graph graph = Graph.of("z", Tensors.concat(List.of(x, y), 0));
        ReferenceEvaluator evaluator = ReferenceEvaluator.faithful();

        assertThat(evaluator
                        .evaluate(graph, Map.of("x", f64(1), "y", f64(2, 3)))
                        .get(0)
                        .elementCount())
                .isEqualTo(3);
        assertThatThrownBy(() -> evaluator.evaluate(graph, Map.of("x", f64(1), "y", f64(2))))
                .hasMessageContaining("Cannot bind y");
    }

    @Test
    void applicationsToConstantsAreFolded() {
        Apply sum = Apply.of(new Op.Elementwise(ScalarOp.ADD), Tensors.constant(0.1f), Tensors.constant(0.2f));

        assertThat(ReferenceEvaluator.faithful().evaluate(sum).get(0).doubleAt(0))
                .isEqualTo(0.1f + 0.2f);
        assertThatThrownBy(() -> ReferenceEvaluator.faithful()
                        .evaluate(Apply.of(new Op.Elementwise(ScalarOp.EXP), Tensors.variable("x", DType.FLOAT32))))
                .hasMessageContaining("Cannot fold");
    }
}
