package dev.tessera.codegen;

import static dev.tessera.tensor.DType.BOOL;
import static dev.tessera.tensor.DType.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the texts of kernels say; that they compile and compute is tested where there is a compiler and a device. */
class KernelTextTest {
    private static final Kernel.IndexWidth NARROW = Kernel.IndexWidth.NARROW;

    /** What follows the prelude. */
    private static String body(Kernel kernel) {
        return kernel.source().substring(kernel.source().indexOf("extern \"C\""));
    }

    private static int parameterCount(Kernel kernel) {
        String text = body(kernel);
        return text.substring(text.indexOf("(\n"), text.indexOf(") {")).split(",").length;
    }

    private static List<Kernel.Size> sizes(Kernel kernel) {
        List<Kernel.Size> sizes = new ArrayList<>();
        for (Kernel.Argument argument : kernel.arguments()) {
            if (argument instanceof Kernel.Size size) {
                sizes.add(size);
            }
        }
        return sizes;
    }

    /** {@code x + 1} over an axis. */
    private static RowProgramStep plusOne(Operand x, Operand y, Dim length) {
        ProgramBuilder program = new ProgramBuilder();
        int sum = program.map(ScalarOp.ADD, program.vector(FLOAT32), program.immediate(FLOAT32, 1));
        return new RowProgramStep(program.returning(sum), List.of(), length, List.of(x), List.of(y));
    }

    @Test
    void contiguousRowsAreOneAxisOfOneSize() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, "n");
        Operand y = plan.row(FLOAT32, "n");
        MapKernel map = MapKernel.of(plusOne(x, y, Dim.named("n")), plan.build().slots());
        Kernel kernel = map.render(NARROW);
        Dim all = Kernel.ROWS.times(Dim.named("n"));
        assertThat(sizes(kernel)).containsExactly(new Kernel.Size(all));
        assertThat(kernel.work()).isEqualTo(all);
        assertThat(body(kernel)).doesNotContain("%").contains("op_add(v0, v1)", "float32_of((int)0x3f800000u)");
        assertThat(map.canTakeFour()).isTrue();
        assertThat(map.renderFour(NARROW).workPerBlock()).isEqualTo(4 * kernel.workPerBlock());
    }

    @Test
    void namesOfDimsAreNotInTheTextSoThatItServesEveryPlanOfItsForm() {
        List<String> texts = new ArrayList<>();
        for (String name : List.of("n", "height")) {
            PlanBuilder plan = new PlanBuilder();
            Operand x = plan.column("x", FLOAT32, name);
            Operand y = plan.row(FLOAT32, name);
            texts.add(MapKernel.of(plusOne(x, y, Dim.named(name)), plan.build().slots())
                    .render(NARROW)
                    .source());
        }
        assertThat(texts.get(0)).isEqualTo(texts.get(1));
    }

    @Test
    void aRepeatedOperandKeepsTwoAxesWhoseKnownSizeIsALiteral() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 10);
        Operand bias = plan.parameter("b", FLOAT32, 10);
        Operand y = plan.row(FLOAT32, 10);
        ProgramBuilder program = new ProgramBuilder();
        int sum = program.map(ScalarOp.ADD, program.vector(FLOAT32), program.vector(FLOAT32));
        RowProgramStep step =
                new RowProgramStep(program.returning(sum), List.of(), Dim.of(10), List.of(x, bias), List.of(y));
        MapKernel map = MapKernel.of(step, plan.build().slots());
        assertThat(map.canTakeFour()).isFalse();
        assertThat(body(map.render(NARROW))).contains("i % 10", "i / 10", "x1[c1]", "y0[c0 * 10 + c1]");
        assertThatThrownBy(() -> map.renderFour(NARROW)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsReadAndWrittenInPlaceIsNotDeclaredApart() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 8);
        Operand y = plan.row(FLOAT32, 8);
        List<BufferSlot> slots = plan.build().slots();
        assertThat(body(MapKernel.of(plusOne(y, y, Dim.of(8)), slots).render(NARROW)))
                .doesNotContain("__restrict__");
        assertThat(body(MapKernel.of(plusOne(x, y, Dim.of(8)), slots).render(NARROW)))
                .contains("const float* __restrict__ x0");
    }

    @Test
    void aTransposeIsACopyWithTwoAxes() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", BOOL, 3, 5);
        Operand y = plan.row(BOOL, 5, 3);
        Operand transposed = SamplePlans.view(x, 0, SamplePlans.dims(5, 3), SamplePlans.dims(1, 5));
        Kernel kernel =
                MapKernel.of(new CopyStep(transposed, y), plan.build().slots()).render(NARROW);
        assertThat(body(kernel)).contains("const boolean v0 = x0[c0 * 15 + c1 + c2 * 5];");
    }

    @Test
    void wideIndicesAre64Bits() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 8);
        Operand y = plan.row(FLOAT32, 8);
        MapKernel map = MapKernel.of(plusOne(x, y, Dim.of(8)), plan.build().slots());
        assertThat(map.render(NARROW).source()).contains("typedef int index_t;");
        assertThat(map.render(Kernel.IndexWidth.WIDE).source()).contains("typedef long long index_t;");
    }

    @Test
    void aReductionGoesAlongTheAxisOnceForEachStageAndOnceToStoreVectors() {
        ExecutionPlan plan = SamplePlans.denseLayer().plan();
        ReduceKernel softmax = ReduceKernel.of((RowProgramStep) plan.rowSteps().get(1), plan.slots());
        assertThat(softmax.length()).isEqualTo(Dim.of(7));
        for (Kernel.Cooperation cooperation : Kernel.Cooperation.values()) {
            String text = body(softmax.render(NARROW, cooperation));
            assertThat(Pattern.compile("for \\(index_t k")
                            .matcher(text)
                            .results()
                            .count())
                    .isEqualTo(3);
            assertThat(text.contains("exchange(")).isEqualTo(cooperation != Kernel.Cooperation.THREAD);
            assertThat(text.contains("__syncthreads()")).isEqualTo(cooperation == Kernel.Cooperation.BLOCK);
        }
    }

    @Test
    void aMapRefusesReductions() {
        ProgramBuilder program = new ProgramBuilder();
        int sum = program.reduce(ReduceOp.SUM, program.vector(FLOAT32));
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 8);
        Operand y = plan.row(FLOAT32);
        RowProgramStep step = new RowProgramStep(program.returning(sum), List.of(), Dim.of(8), List.of(x), List.of(y));
        assertThatThrownBy(() -> MapKernel.of(step, plan.build().slots()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Cannot map elements: the program reduces");
    }

    @Test
    void thePreludeHasEveryFunctionForEveryDtypeItTakes() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 8);
        Operand y = plan.row(FLOAT32, 8);
        String prelude = MapKernel.of(plusOne(x, y, Dim.of(8)), plan.build().slots())
                .render(NARROW)
                .source();
        for (ScalarOp op : ScalarOp.values()) {
            for (DType dtype : DType.values()) {
                if (dtype.isComputable() && op.accepts(dtype)) {
                    String type = op == ScalarOp.WHERE ? "boolean" : "(?:T|%s)".formatted(KernelText.type(dtype));
                    Pattern definition =
                            Pattern.compile("FUNCTION \\w+ %s\\(%s ".formatted(ScalarText.function(op), type));
                    assertThat(definition.matcher(prelude).find())
                            .as("%s of %s", op, dtype)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void everyArgumentHasAParameter() {
        for (SamplePlans.Sample sample : SamplePlans.all()) {
            for (Kernel kernel : SampleKernels.of(sample.plan())) {
                assertThat(parameterCount(kernel))
                        .as(kernel.source())
                        .isEqualTo(kernel.arguments().size());
            }
        }
    }
}
