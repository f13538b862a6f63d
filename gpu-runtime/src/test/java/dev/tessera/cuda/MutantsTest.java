package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.LaunchShape;
import dev.tessera.cuda.driver.RealNvrtc;
import dev.tessera.cuda.kernel.KernelMutations;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What would be wrong is found: each mutant takes one thing out of a kernel's text, of the calls of the driver, or of the
 * order in which a batch gives back what it holds. The simulated device objects, or a result is another one.
 */
@ExtendWith(SimulatedCuda.class)
class MutantsTest {
    /** Orders of blocks and of streams that are tried, and the plain one. */
    private static final int SEEDS = 6;

    private static SimulatedBackend simulated;

    @TempDir
    Path kernels;

    @BeforeAll
    static void find() {
        simulated = new SimulatedBackend();
    }

    /** Kernels in which {@code from} is {@code to}. */
    record TextMutant(String name, SamplePlans.Sample sample, String from, String to, boolean usesBlas) {
        TextMutant(String name, SamplePlans.Sample sample, String from, String to) {
            this(name, sample, from, to, true);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<TextMutant> textMutants() {
        SamplePlans.Sample dense = SamplePlans.denseLayer();
        SamplePlans.Sample concatenation = SamplePlans.concatenation();
        SamplePlans.Sample gather = SamplePlans.gatherOfParameter();
        SamplePlans.Sample accumulation = SamplePlans.accumulation();
        SamplePlans.Sample topK = SamplePlans.topKOfCumulativeSums();
        return Stream.of(
                new TextMutant(
                        "no barrier in a reduction",
                        accumulation,
                        "}\n        __syncthreads();\n        t",
                        "}\n        t"),
                new TextMutant(
                        "no barrier before shared memory is used again",
                        accumulation,
                        "        __syncthreads();\n    }\n}",
                        "    }\n}"),
                new TextMutant("too few lanes in a reduction", accumulation, "mask = 16", "mask = 8"),
                new TextMutant("a warp left out of a reduction", accumulation, "warp < 8", "warp < 7"),
                new TextMutant("no bound of a map", concatenation, "i < n0", "i <= n0"),
                new TextMutant("no bound of the tail of a map by fours", neighbours(), "if (i < n0)", "if (i <= n0)"),
                new TextMutant("no tail of a map by fours", accumulation, "if (i < n0)", "if (i < fours)"),
                new TextMutant("a wrong stride", concatenation, "c0 * 15 + c1 * (-5)", "c0 * 15 + c1 * (-4)"),
                new TextMutant("a wrong stride of the grid", concatenation, "gridDim.x * 256", "gridDim.x * 257"),
                new TextMutant("a check that lets one index too many pass", gather, "given >= n2", "given > n2"),
                new TextMutant("a status in the wrong row", gather, "status[2 * row] = 1", "status[2 * row + 2] = 1"),
                new TextMutant("negative indices that do not wrap", gather, "given < 0 ? given + n1 : given", "given"),
                new TextMutant("a scan that begins one lane late", topK, "lane >= distance", "lane > distance"),
                new TextMutant("a scan over too few lanes", topK, "distance < 32", "distance < 8"),
                new TextMutant(
                        "lanes that a shuffle does not name",
                        topK,
                        "0xffffffffu, t, distance",
                        "0x0000ffffu, t, distance"),
                new TextMutant(
                        "ties in the wrong order",
                        topK,
                        "found.position > last.position",
                        "found.position >= last.position"),
                new TextMutant("no activation", dense, "op_relu(v2)", "v2"),
                new TextMutant(
                        "the activation before the bias",
                        dense,
                        "op_add(v0, v1);\n        const float v3 = op_relu(v2)",
                        "op_relu(v0);\n        const float v3 = op_add(v2, v1)"),
                new TextMutant("a softmax that is not shifted", dense, "op_divide(v3, v4)", "op_divide(v2, v4)"));
    }

    /** Of the product without cuBLAS. */
    static Stream<TextMutant> tileMutants() {
        SamplePlans.Sample dense = SamplePlans.denseLayer();
        return Stream.of(
                new TextMutant(
                        "no barrier after tiles are filled",
                        dense,
                        "            __syncthreads();\n#pragma",
                        "#pragma",
                        false),
                new TextMutant(
                        "no barrier before tiles are filled again",
                        dense,
                        "            __syncthreads();\n        }\n        for",
                        "        }\n        for",
                        false),
                new TextMutant(
                        "no bound of a tile", dense, "if (row < rows && column < columns)", "if (row < rows)", false));
    }

    /** {@code b = 3 * x} and then {@code a = 2 * x}, which lies before it, with no gap if there are 40 rows. */
    private static SamplePlans.Sample neighbours() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", DType.FLOAT32, 8);
        Operand a = plan.row(DType.FLOAT32, 8);
        Operand b = plan.row(DType.FLOAT32, 8);
        plan.perRow(new RowProgramStep(times(3), List.of(), Dim.of(8), List.of(x), List.of(b)));
        plan.perRow(new RowProgramStep(times(2), List.of(), Dim.of(8), List.of(x), List.of(a)));
        plan.output("a", a);
        plan.output("b", b);
        return new SamplePlans.Sample("neighbours", plan.build(), plan.constantValues());
    }

    private static RowProgram times(double factor) {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        return program.returning(program.map(ScalarOp.MULTIPLY, x, program.immediate(DType.FLOAT32, factor)));
    }

    /** Kernels stride over whatever a block does not reach, so that each is right in one block. */
    private static CudaApi inOneBlock(CudaApi api) {
        return CallChange.of("launch")
                .withEach(1, shape -> LaunchShape.linear(1, ((LaunchShape) shape).blockX()))
                .apply(api);
    }

    @ParameterizedTest
    @MethodSource({"textMutants", "tileMutants"})
    void aChangedKernelIsFound(TextMutant mutant, SimulatedDevice device) {
        RealNvrtc.assumed();
        PlanTrial trial = new PlanTrial(mutant.sample(), 1, 40, 300);
        Capability capability = simulated.capability();
        int compute = capability.devices().get(0).computeCapability();
        int changed = KernelMutations.write(
                kernels, simulated.api(), compute, trial.work(), text -> text.replace(mutant.from(), mutant.to()));
        assertThat(changed).as("kernels with %s", mutant.from()).isPositive();
        UnaryOperator<Capability> has =
                known -> mutant.usesBlas() ? known : SimulatedBackend.without(known, Capability.PartName.CUBLAS);
        assertThat(isFound(trial, device, MutantsTest::inOneBlock, has, batch -> {}))
                .isTrue();
    }

    /** Calls that are left out or made with other arguments. */
    record CallMutant(String name, SamplePlans.Sample sample, UnaryOperator<CudaApi> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<CallMutant> callMutants() {
        SamplePlans.Sample dense = SamplePlans.denseLayer();
        SamplePlans.Sample gather = SamplePlans.gatherOfParameter();
        return Stream.of(
                new CallMutant(
                        "nothing waits for the copy back",
                        dense,
                        CallChange.of("synchronizeEvent").leftOut()),
                new CallMutant(
                        "the status is not cleared",
                        gather,
                        CallChange.of("fill").leftOut()),
                new CallMutant(
                        "products on no stream of the batch",
                        dense,
                        CallChange.of("setBlasStream").with(1, 0L)),
                new CallMutant(
                        "rows copied on another stream",
                        dense,
                        CallChange.of("copyHostToDevice").with(3, 0L)),
                new CallMutant(
                        "results copied on another stream",
                        dense,
                        CallChange.of("copyDeviceToHost").with(3, 0L)),
                new CallMutant(
                        "kernels on another stream",
                        dense,
                        CallChange.of("launch").with(2, 0L)),
                new CallMutant(
                        "events on another stream",
                        dense,
                        CallChange.of("recordEvent").with(1, 0L)),
                new CallMutant(
                        "half a copy", dense, CallChange.of("copyDeviceToHost").with(2, 64L)),
                new CallMutant("no product", dense, CallChange.of("gemm").leftOut()));
    }

    @ParameterizedTest
    @MethodSource("callMutants")
    void aChangedCallIsFound(CallMutant mutant, SimulatedDevice device) {
        PlanTrial trial = new PlanTrial(mutant.sample(), 40, 33, 40, 40);
        assertThat(isFound(trial, device, mutant.change(), has -> has, batch -> {}))
                .isTrue();
    }

    /** What a batch gives back as soon as it is submitted. */
    record EarlyMutant(String name, Consumer<InFlight> giveBack) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<EarlyMutant> earlyMutants() {
        return Stream.of(
                new EarlyMutant("device memory is given back too early", InFlight::releaseBlock),
                new EarlyMutant("staging memory is given back too early", InFlight::releaseStaging),
                new EarlyMutant("leases of constants are given back too early", batch -> {
                    batch.releaseLeases();
                    batch.device().constants().close();
                    batch.device().memory().freeKept();
                }),
                new EarlyMutant("results are given back too early", InFlight::releaseResults));
    }

    @ParameterizedTest
    @MethodSource("earlyMutants")
    void whatIsGivenBackTooEarlyIsFound(EarlyMutant mutant, SimulatedDevice device) {
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 40, 40, 40, 40, 40, 40);
        Consumer<PendingBatch> submitted = batch -> mutant.giveBack().accept((InFlight) batch);
        assertThat(isFound(trial, device, api -> api, has -> has, submitted)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("unchanged")
    void whatIsRightIsNotObjectedTo(PlanTrial trial, SimulatedDevice device) {
        assertThat(isFound(trial, device, api -> api, has -> has, batch -> {})).isFalse();
        assertThat(isFound(trial, device, MutantsTest::inOneBlock, has -> has, batch -> {}))
                .isFalse();
    }

    static Stream<PlanTrial> unchanged() {
        return Stream.of(SamplePlans.denseLayer(), SamplePlans.gatherOfParameter(), SamplePlans.accumulation())
                .map(sample -> new PlanTrial(sample, 1, 40, 33, 40));
    }

    /** Whether a run of the trial, with blocks and streams in some order, fails or gives another result. */
    private boolean isFound(
            PlanTrial trial,
            SimulatedDevice device,
            UnaryOperator<CudaApi> change,
            UnaryOperator<Capability> has,
            Consumer<PendingBatch> submitted) {
        for (int seed = 0; seed < SEEDS; seed++) {
            device.reset();
            device.setSeed(seed);
            try (Backend backend = simulated.open(kernels, change, has)) {
                trial.run(backend::openTask, submitted);
            } catch (RuntimeException | AssertionError found) {
                return true;
            }
            if (!device.faults().isEmpty() || !device.leakReports().isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
