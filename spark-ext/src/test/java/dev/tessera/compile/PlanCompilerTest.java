package dev.tessera.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.Step;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanCompilerTest {
    private static final Op EXPAND = new Op.DimShuffle(List.of(Op.DimShuffle.NEW_AXIS, 0));
    private static final Op SQUEEZE = new Op.DimShuffle(List.of(1));

    private static Tensor dense(Tensor x, int inputs, int outputs) {
        Tensor weights = Tensors.constant(HostTensor.zeros(DType.FLOAT32, inputs, outputs));
        Tensor bias = Tensors.constant(HostTensor.zeros(DType.FLOAT32, outputs));
        Tensor row = Apply.of(EXPAND, x).output();
        Tensor product = Apply.of(new Op.MatMul(), row, weights).output();
        Tensor squeezed = Apply.of(SQUEEZE, product).output();
        return Apply.of(new Op.Elementwise(ScalarOp.ADD), squeezed, bias).output();
    }

    private static Tensor relu(Tensor x) {
        return Apply.of(new Op.Elementwise(ScalarOp.RELU), x).output();
    }

    static Graph perceptron() {
        Variable x = Tensors.variable("x", TensorType.of(DType.FLOAT32, 784));
        Tensor hidden = relu(dense(relu(dense(x, 784, 256)), 256, 128));
        Tensor probabilities =
                Apply.of(new Op.Softmax(0, false), dense(hidden, 128, 10)).output();
        return new Graph(List.of(x), List.of(), List.of(new Graph.Output("y", probabilities)));
    }

    @Test
    void sizeThatNoInputBringsIsNamed() {
        Dim n = Dim.named("n");
        Tensor s = Tensors.variable("s", DType.FLOAT32);
        Tensor twice = Tensors.variable("x", DType.FLOAT32, n.times(2));
        Tensor parameter = Tensors.parameter("p", DType.FLOAT32, n.times(2));
        Tensor row = Tensors.variable("x", DType.FLOAT32, n);
        assertRefused("broadcast_to(s, (n,)) of float32[n]", Tensors.broadcastTo(s, Shape.of(n)));
        assertRefused("x of float32[2*n]", Tensors.exp(twice));
        assertRefused("no parameter has an axis of just that size", Tensors.exp(parameter), row);
    }

    private static void assertRefused(String why, Tensor... outputs) {
        Graph.Output[] named = new Graph.Output[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            named[i] = new Graph.Output("y" + i, outputs[i]);
        }
        assertThatExceptionOfType(TensorTypeException.class)
                .isThrownBy(() -> PlanCompiler.compile(Graph.of(named)))
                .withMessageStartingWith("Cannot compile a graph: the size n is not known")
                .withMessageContaining(why);
    }

    @Test
    void multilayerPerceptronIsThreeGemmsAndOneRowProgram() {
        CompiledGraph compiled = PlanCompiler.compile(perceptron());

        List<Step> steps = compiled.plan().rowSteps();
        assertThat(compiled.plan().invariantSteps()).isEmpty();
        assertThat(steps)
                .hasExactlyElementsOfTypes(GemmStep.class, GemmStep.class, GemmStep.class, RowProgramStep.class);
        assertThat(((GemmStep) steps.get(0)).activation()).isEqualTo(ScalarOp.RELU);
        assertThat(((GemmStep) steps.get(2)).activation()).isNull();
    }
}
