package dev.tessera.cuda;

import static dev.tessera.plan.SamplePlans.dims;
import static dev.tessera.plan.SamplePlans.view;
import static dev.tessera.tensor.DType.FLOAT32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cpu.PlanRuns;
import dev.tessera.cuda.driver.Capability;
import dev.tessera.cuda.driver.RealNvrtc;
import dev.tessera.cuda.kernel.KernelMutations;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.Scope;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans and sizes at the edge of what there is: nothing to do, nothing to read, outputs that no step makes, too much. */
@ExtendWith(SimulatedCuda.class)
class EdgePlansTest {
    private static final DimBinding NOTHING = new DimBinding(Map.of("n", 0L, "m", 0L, "k", 0L, "v", 0L));

    private static SimulatedBackend simulated;

    @TempDir
    Path kernels;

    @BeforeAll
    static void find() {
        simulated = new SimulatedBackend();
    }

    @AfterEach
    void nothingIsLeft(SimulatedDevice device) {
        assertThat(device.faults()).isEmpty();
        SimulatedBackend.requireNothingLeft(device);
    }

    private Backend open() {
        return simulated.open(kernels, api -> api, has -> has);
    }

    private static SamplePlans.Sample sample(String name, PlanBuilder plan) {
        return new SamplePlans.Sample(name, plan.build(), plan.constantValues());
    }

    /** Plans without a step, whose outputs need at most copies. */
    static List<SamplePlans.Sample> withoutSteps() {
        PlanBuilder passing = new PlanBuilder();
        Operand x = passing.column("x", FLOAT32, 3, 4);
        passing.output("x", x);
        passing.output("again", x);
        passing.output("middle", view(x, 4, dims(4), dims(1)));
        passing.output("transposed", view(x, 0, dims(4, 3), dims(1, 4)));
        passing.output("repeated", view(x, 1, dims(2, 3), dims(0, 4)));
        PlanBuilder fixed = new PlanBuilder();
        Operand constant = fixed.constant(SamplePlans.random(3, 2, 5));
        Operand parameter = fixed.parameter("p", FLOAT32, 6);
        fixed.output("constant", constant);
        fixed.output("parameter", parameter);
        fixed.output("reversed", view(parameter, 5, dims(6), dims(-1)));
        fixed.output("column", view(constant, 1, dims(2), dims(5)));
        PlanBuilder empty = new PlanBuilder();
        Operand none = empty.column("none", FLOAT32, 0, 3);
        empty.output("none", none);
        empty.output("noConstant", empty.constant(HostTensor.zeros(FLOAT32, 0)));
        empty.output("noParameter", empty.parameter("p", FLOAT32, 2, 0));
        return List.of(sample("inputs", passing), sample("no inputs", fixed), sample("no elements", empty));
    }

    @ParameterizedTest
    @MethodSource("withoutSteps")
    void outputsThatNoStepMakesAreWhatTheyAreViewsOf(SamplePlans.Sample sample) {
        RealNvrtc.assumed();
        try (Backend backend = open()) {
            PlanRuns.compare(backend, sample.plan(), sample.constants(), DimBinding.EMPTY, 7, 0, 1, 33);
        }
    }

    static List<SamplePlans.Sample> ofUnknownSizes() {
        return List.of(
                SamplePlans.layerNorm(),
                SamplePlans.gatherOfParameter(),
                SamplePlans.gram(),
                SamplePlans.sharedSlots());
    }

    @ParameterizedTest
    @MethodSource("ofUnknownSizes")
    void dimsOfNoSizeGiveWhatTheNaiveRunGives(SamplePlans.Sample sample) {
        RealNvrtc.assumed();
        try (Backend backend = open()) {
            PlanRuns.compare(backend, sample.plan(), sample.constants(), NOTHING, 3, 0, 40);
        }
    }

    @ParameterizedTest
    @MethodSource("everySample")
    void wideIndicesGiveTheSame(SamplePlans.Sample sample, SimulatedDevice device) {
        RealNvrtc.assumed();
        PlanTrial trial = new PlanTrial(sample, 1, 33, 300);
        Capability.Device gpu = simulated.capability().devices().get(0);
        KernelMutations.write(
                kernels,
                simulated.api(),
                gpu.computeCapability(),
                trial.work(),
                text -> text.replace("typedef int index_t;", "typedef long long index_t;"));
        try (Backend backend = open()) {
            trial.run(backend::openTask, batch -> {});
        }
    }

    static List<SamplePlans.Sample> everySample() {
        return SamplePlans.all();
    }

    @Test
    void noRowsHaveNoLargest() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 4);
        Operand largest = plan.slot(Scope.ACCUMULATOR, FLOAT32, Shape.of(4));
        plan.perRow(new ReduceRowsStep(ReduceOp.MAX, x, largest));
        plan.output("largest", largest);
        TaskSpec spec = new TaskSpec(plan.build(), Map.of(), Map.of());
        try (Backend backend = open();
                BackendTask task = backend.openTask(spec)) {
            Batch none = new Batch(0, DimBinding.EMPTY, List.of(HostTensor.zeros(FLOAT32, 0, 4)));
            assertThatThrownBy(() -> task.submit(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot reduce no rows into slot 1: there is no largest or smallest");
        }
    }

    /** The sum of 600 columns in one program: 601 pointers and a size are more than a launch takes. */
    private static SamplePlans.Sample ofManyInputs() {
        PlanBuilder plan = new PlanBuilder();
        ProgramBuilder program = new ProgramBuilder();
        List<Operand> columns = new ArrayList<>();
        int sum = program.vector(FLOAT32);
        columns.add(plan.column("x0", FLOAT32, 2));
        for (int i = 1; i < 600; i++) {
            columns.add(plan.column("x" + i, FLOAT32, 2));
            sum = program.map(ScalarOp.ADD, sum, program.vector(FLOAT32));
        }
        Operand out = plan.row(FLOAT32, 2);
        plan.perRow(new RowProgramStep(program.returning(sum), List.of(), Dim.of(2), columns, List.of(out)));
        plan.output("sum", out);
        return sample("600 inputs", plan);
    }

    @Test
    void aKernelOfMoreArgumentsThanALaunchTakesRunsOnTheCpu() {
        PlanTrial trial = new PlanTrial(ofManyInputs(), 3, 5);
        try (ExecutorRuntime runtime = ExecutorRuntime.start(PlanTrial.options("auto", kernels, Map.of()))) {
            Receipt receipt = trial.run(runtime);
            assertThat(receipt.fallbacksByReason().toString())
                    .contains("takes 602 arguments, and a launch at most 512")
                    .contains("=2");
        }
    }

    @Test
    void withoutACompilerAPlanWhoseKernelsAreNowhereIsRefusedWithTheReason(SimulatedDevice device) {
        PlanTrial trial = new PlanTrial(ofManyUnary(), 3);
        try (Backend backend = simulated.open(
                        kernels, api -> api, has -> SimulatedBackend.without(has, Capability.PartName.NVRTC));
                BackendTask task = backend.openTask(trial.spec())) {
            assertThatThrownBy(() -> task.submit(trial.batches().get(0)))
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessageContaining("is not compiled yet, and NVRTC cannot: NVRTC is hidden; show it")
                    .extracting(failure -> ((DeviceFailureException) failure).kind())
                    .isEqualTo(DeviceFailureException.Kind.UNSUPPORTED);
        }
    }

    /** A program that is compiled nowhere beforehand. */
    private static SamplePlans.Sample ofManyUnary() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 11);
        Operand out = plan.row(FLOAT32, 11);
        ProgramBuilder program = new ProgramBuilder();
        int value = program.map(ScalarOp.SIN, program.map(ScalarOp.ABS, program.vector(FLOAT32)));
        plan.perRow(new RowProgramStep(program.returning(value), List.of(), Dim.of(11), List.of(x), List.of(out)));
        plan.output("y", out);
        return sample("sin(abs(x))", plan);
    }

    @Test
    void aTaskMayBeClosedTwiceAndInAnyState() {
        PlanTrial trial = new PlanTrial(SamplePlans.denseLayer(), 3, 40);
        try (Backend backend = open()) {
            backend.openTask(trial.spec()).close();
            BackendTask task = backend.openTask(trial.spec());
            PendingBatch first = task.submit(trial.batches().get(0));
            PendingBatch second = task.submit(trial.batches().get(1));
            task.close();
            task.close();
            first.close();
            second.close();
            assertThatThrownBy(first::await).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> task.submit(trial.batches().get(0))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> task.allocateHost(4)).isInstanceOf(IllegalStateException.class);
            assertThat(backend.nativeBytes()).isZero();
        }
    }
}
