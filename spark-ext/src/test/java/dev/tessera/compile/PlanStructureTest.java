package dev.tessera.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Index;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.Scope;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanStructureTest {
    private static final Dim N = Dim.named("n");
    private static final Dim M = Dim.named("m");

    private static Variable floats(String name, Dim... dims) {
        return Tensors.variable(name, DType.FLOAT32, dims);
    }

    private static ExecutionPlan plan(Tensor value) {
        return PlanCompiler.compile(Graph.of("y", value)).plan();
    }

    private static long rowSlots(ExecutionPlan plan) {
        return plan.slots().stream()
                .map(BufferSlot::scope)
                .filter(Scope.ROW::equals)
                .count();
    }

    @Test
    void slotsOfValuesThatAreNeverAliveTogetherAreShared() {
        // The input, the two hidden layers; the logits lie where the first was, the probabilities where the second was.
        ExecutionPlan plan = PlanCompiler.compile(CompileBenchmark.perceptron()).plan();
        assertThat(rowSlots(plan)).isEqualTo(3);
        assertThat(plan.peakBytesPerRow()).isEqualTo(Dim.of(4 * (784 + 256 + 128)));
    }

    @Test
    void longPipelineTakesTwoSlotsBesidesItsInput() {
        Tensor value = floats("x", N);
        for (int i = 0; i < 10; i++) {
            value = Tensors.cumsum(Tensors.exp(value), 0);
        }
        ExecutionPlan plan = plan(value);
        assertThat(plan.rowSteps()).hasSize(20);
        assertThat(rowSlots(plan)).isEqualTo(3);
        assertThat(plan.peakBytesPerRow()).isEqualTo(N.times(12));
    }

    @Test
    void elementwiseStepOverwritesWhatItReadsLast() {
        Tensor sums = Tensors.cumsum(floats("x", N), 0);
        ExecutionPlan plan = plan(Tensors.cumsum(Tensors.exp(sums), 0));
        RowProgramStep exp = (RowProgramStep) plan.rowSteps().get(1);
        assertThat(exp.outputs()).isEqualTo(exp.inputs());
        assertThat(plan.rowSteps().get(0)).isInstanceOf(CumulativeSumStep.class);
    }

    @Test
    void inputIsNeverOverwritten() {
        RowProgramStep exp =
                (RowProgramStep) plan(Tensors.exp(floats("x", N))).rowSteps().get(0);
        assertThat(exp.outputs().get(0).slot()).isNotEqualTo(exp.inputs().get(0).slot());
    }

    @Test
    void viewsAreNotCopied() {
        Tensor x = floats("x", Dim.of(5), Dim.of(4));
        Tensor view = Tensors.slice(Tensors.transpose(x), Index.from(1), Index.every(-1));
        ExecutionPlan plan = plan(Tensors.matmul(view, floats("y", Dim.of(5), M)));
        assertThat(plan.rowSteps()).hasSize(1);
        GemmStep gemm = (GemmStep) plan.rowSteps().get(0);
        assertThat(gemm.a().strides()).containsExactly(Dim.ONE, Dim.of(-4));
        assertThat(gemm.a().offset()).isEqualTo(Dim.of(1 + 4 * 4));
    }

    @Test
    void concatenatedPartsAreWrittenInPlace() {
        Tensor x = floats("x", N);
        ExecutionPlan plan = plan(Tensors.concat(List.of(Tensors.exp(x), Tensors.softmax(x, 0)), 0));
        assertThat(plan.rowSteps()).hasOnlyElementsOfType(RowProgramStep.class).hasSize(2);
        assertThat(plan.rowSteps().get(1).writes().get(0).offset()).isEqualTo(N);
        assertThat(rowSlots(plan)).isEqualTo(2);
    }

    @Test
    void stackedPartsAreWrittenInPlaceAndInputsCopiedThere() {
        Tensor x = floats("x", N);
        ExecutionPlan plan = plan(Tensors.stack(List.of(Tensors.exp(x), x), 1));
        assertThat(plan.rowSteps()).hasExactlyElementsOfTypes(RowProgramStep.class, CopyStep.class);
    }

    @Test
    void outputIsWrittenInItsOrderOfAxes() {
        ExecutionPlan plan = plan(Tensors.softmax(floats("x", N, M), 0));
        assertThat(plan.rowSteps()).hasOnlyElementsOfType(RowProgramStep.class).hasSize(1);
        assertThat(plan.outputs().get(0).value().isContiguous()).isTrue();
        assertThat(plan.peakBytesPerRow()).isEqualTo(N.times(M).times(8));
    }

    @Test
    void whatIsTheSameForAllRowsIsComputedOnce() {
        Parameter w = Tensors.parameter("w", DType.FLOAT32, Dim.of(3), Dim.of(2));
        ExecutionPlan plan = plan(Tensors.matmul(floats("x", Dim.of(3)), Tensors.sin(Tensors.exp(w))));
        assertThat(plan.invariantSteps()).hasSize(1);
        assertThat(plan.rowSteps()).hasExactlyElementsOfTypes(GemmStep.class);
    }

    @Test
    void whatStretchesToARowsSizeIsOfTheRow() {
        Parameter p = Tensors.parameter("p", DType.FLOAT32);
        Tensor wide = Tensors.cumsum(Tensors.broadcastTo(p, Shape.of(N)), 0);
        ExecutionPlan plan = plan(Tensors.concat(List.of(wide, floats("x", N)), 0));
        assertThat(plan.invariantSteps()).isEmpty();
    }

    @Test
    void equalConstantsHaveOneSlot() {
        Tensor x = floats("x", Dim.of(2));
        Tensor a = Tensors.constant(new float[] {1, 2}, 2);
        Tensor b = Tensors.constant(new float[] {1, 2}, 2);
        assertThat(plan(Tensors.mul(Tensors.sin(Tensors.add(x, a)), b)).constants())
                .hasSize(1);
    }

    @Test
    void deepAndSharedGraphsCompile() {
        assertThat(PlanCompiler.compile(CompileBenchmark.chain(10_000)).plan().rowSteps())
                .hasSizeLessThan(1_000);
        assertThat(PlanCompiler.compile(CompileBenchmark.doublings(60)).plan().rowSteps())
                .hasSizeLessThan(10);
    }
}
