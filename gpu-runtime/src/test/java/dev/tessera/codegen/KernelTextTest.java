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
import dev.tessera.plan.TopKStep;
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

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
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
            // One more, which keeps the elements for the three.
            assertThat(count(text, "for \\(int j = 0")).isEqualTo(4);
            assertThat(count(text, "x0\\[")).isEqualTo(1);
            assertThat(text.contains("exchange(")).isEqualTo(cooperation != Kernel.Cooperation.THREAD);
            assertThat(text.contains("__syncthreads()")).isEqualTo(cooperation == Kernel.Cooperation.BLOCK);
        }
    }

    /** {@code max(x)} and {@code x - max(x)} over rows of an input that is followed by others in its slot. */
    private static ReduceKernel shifted(DType dtype, Object length, long rowElements, long offset) {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(dtype);
        int max = program.reduce(ReduceOp.MAX, x);
        PlanBuilder plan = new PlanBuilder();
        Operand slot = plan.column("x", dtype, rowElements);
        Dim size = PlanBuilder.shape(length).dim(0);
        Operand out = plan.row(dtype, length);
        RowProgramStep step = new RowProgramStep(
                program.returning(program.map(ScalarOp.SUBTRACT, x, max)),
                List.of(),
                size,
                List.of(SamplePlans.view(slot, offset, List.of(size), SamplePlans.dims(1))),
                List.of(out));
        return ReduceKernel.of(step, plan.build().slots());
    }

    @Test
    void aRowIsLoadedOnceIfAThreadHasFewOfItsElements() {
        assertThat(shifted(FLOAT32, 512, 512, 0).cooperation(512)).isEqualTo(Kernel.Cooperation.WARP);
        assertThat(shifted(FLOAT32, 516, 516, 0).cooperation(516)).isEqualTo(Kernel.Cooperation.BLOCK);
        assertThat(shifted(FLOAT32, 2048, 2048, 0).cooperation(2048)).isEqualTo(Kernel.Cooperation.BLOCK);
        String block = body(shifted(FLOAT32, 4096, 4096, 0).render(NARROW, Kernel.Cooperation.BLOCK));
        assertThat(count(block, "x0 ")).isEqualTo(1);
        assertThat(block).contains("Four<float> g0[4];", "g0[j].at[e]", "first = 4 * lane + j * 1024;");
        assertThat(block).doesNotContain("if (first < ");
        String odd = body(shifted(FLOAT32, 4095, 4095, 0).render(NARROW, Kernel.Cooperation.BLOCK));
        assertThat(odd).contains("float g0[16];", "if (k < 4095) {").doesNotContain("Four<");
        String tooLong = body(shifted(FLOAT32, 4097, 4097, 0).render(NARROW, Kernel.Cooperation.BLOCK));
        assertThat(count(tooLong, "x0\\[")).isEqualTo(2);
        assertThat(tooLong).doesNotContain("g0");
        String unknown = body(shifted(FLOAT32, "n", 64, 0).render(NARROW, Kernel.Cooperation.WARP));
        assertThat(unknown).doesNotContain("g0");
    }

    @Test
    void fourElementsOfARowAreLoadedAtOnceIfEveryRowBeginsAtAMultipleOfFour() {
        String aligned = body(shifted(DType.FLOAT64, 8000, 8008, 4).render(NARROW, Kernel.Cooperation.BLOCK));
        assertThat(count(aligned, "const Four<double> p0 = ")).isEqualTo(2);
        assertThat(aligned)
                .contains("first += 1024", "*reinterpret_cast<Four<double>*>(y0 + o1 + first) = q0;")
                .doesNotContain("x0[");
        for (ReduceKernel kernel : List.of(
                shifted(DType.FLOAT64, 8000, 8008, 2),
                shifted(DType.FLOAT64, 8000, 8007, 4),
                shifted(DType.FLOAT64, 7999, 8008, 4))) {
            assertThat(body(kernel.render(NARROW, Kernel.Cooperation.BLOCK))).doesNotContain("Four<double> p0");
        }
    }

    @Test
    void aBiasIsLoadedFourAtATimeIfItsLengthIsAMultipleOfFour() {
        ExecutionPlan plan = SamplePlans.wideRows().plan();
        MapKernel biased = MapKernel.of((RowProgramStep) plan.rowSteps().get(0), plan.slots());
        assertThat(biased.canTakeFour()).isTrue();
        assertThat(body(biased.renderFour(NARROW)))
                .contains(
                        "c1 = f % 4;",
                        "reinterpret_cast<const Four<float>*>(x0 + c0 * 16 + c1 * 4);",
                        "reinterpret_cast<const Four<float>*>(x1 + c1 * 4);",
                        "reinterpret_cast<Four<float>*>(y0 + c0 * 16 + c1 * 4) = q0;")
                .doesNotContain("fours * 4 +");
    }

    @Test
    void whatIsTurnedRoundPassesThroughSharedMemoryInSquares() {
        ExecutionPlan plan = SamplePlans.wideRows().plan();
        MapKernel turned = MapKernel.of((CopyStep) plan.rowSteps().get(1), plan.slots());
        assertThat(turned.canTile()).isTrue();
        assertThat(turned.tileSides()).containsExactly(Dim.of(16), Dim.of(64));
        Kernel kernel = turned.renderTiled(NARROW);
        // 64 elements are two squares, 16 one.
        assertThat(kernel.work()).isEqualTo(Kernel.ROWS.times(2));
        assertThat(body(kernel))
                .contains(
                        "__shared__ float s0[32][33];",
                        "s0[j][column] = x0[",
                        "= s0[column][j];",
                        "c1 = b1 + column;",
                        "c2 = b2 + column;");
        assertThat(count(body(kernel), "__syncthreads")).isEqualTo(2);
        MapKernel straight = MapKernel.of((RowProgramStep) plan.rowSteps().get(0), plan.slots());
        assertThat(straight.canTile()).isFalse();
        assertThatThrownBy(straight::tileSides).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSortOfTheLargestTakesAsMuchSharedMemoryAsItsCapacity() {
        ExecutionPlan plan = SamplePlans.wideRows().plan();
        TopKKernel largest = TopKKernel.of((TopKStep) plan.rowSteps().get(3), plan.slots());
        Kernel kernel = largest.renderSorted(NARROW, 64);
        assertThat(kernel.workPerBlock()).isEqualTo(1);
        assertThat(body(kernel))
                .contains("__shared__ float values[64];", "e < 60", "n < 33", "positions[after] < positions[before]");
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
        List<SamplePlans.Sample> samples = new ArrayList<>(SamplePlans.all());
        samples.add(SamplePlans.wideRows());
        for (SamplePlans.Sample sample : samples) {
            for (Kernel kernel : SampleKernels.of(sample.plan())) {
                assertThat(parameterCount(kernel))
                        .as(kernel.source())
                        .isEqualTo(kernel.arguments().size());
            }
        }
    }
}
