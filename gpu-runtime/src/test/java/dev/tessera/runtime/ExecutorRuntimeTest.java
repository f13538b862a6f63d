package dev.tessera.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cpu.CpuBackendProvider;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanBindingException;
import dev.tessera.plan.PlanFormatException;
import dev.tessera.plan.SamplePlans;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecutorRuntimeTest {
    /** Of copies, additions, products, many and few operations. */
    private static final int MEASURING_TASKS = 5;

    /** A backend that counts and does nothing. */
    private static final class IdleBackend implements Backend {
        private final List<String> events = new ArrayList<>();

        @Override
        public String device() {
            return "idle";
        }

        @Override
        public BackendTask openTask(TaskSpec task) {
            throw new IllegalStateException("no task is meant to come this far");
        }

        @Override
        public long nativeBytes() {
            return 0;
        }

        @Override
        public void close() {
            events.add("close");
        }
    }

    private record Provider(String name, Backend backend) implements BackendProvider {
        @Override
        public Backend open(RuntimeOptions options) {
            return backend;
        }
    }

    private record BrokenGpu(RuntimeException cause) implements BackendProvider {
        @Override
        public String name() {
            return "gpu";
        }

        @Override
        public Backend open(RuntimeOptions options) {
            throw cause;
        }
    }

    private static RuntimeOptions options(String device) {
        return new RuntimeOptions(
                1, Map.of("spark.tessera.device", device, "spark.tessera.cpu.vectorApi.enabled", "false"));
    }

    @Test
    void aGpuThatIsAskedForAndMissingIsRefusedWithReasonAndRemedy() {
        BackendProvider broken = new BrokenGpu(new BackendUnavailableException("libcuda.so.1 is not there"));
        assertThatThrownBy(() -> ExecutorRuntime.start(options("gpu"), List.of(broken)))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage("Cannot run on the GPU: libcuda.so.1 is not there; "
                        + "set spark.tessera.device to auto or cpu to run on the CPU");
        assertThatThrownBy(() -> ExecutorRuntime.start(options("gpu"), List.of()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("no gpu backend");
    }

    @Test
    void autoTakesTheGpuWhereItWorksAndElseTheCpuAndSaysWhy() {
        Provider cpu = new Provider("cpu", new IdleBackend());
        Provider gpu = new Provider("gpu", new IdleBackend());
        BackendProvider broken = new BrokenGpu(new BackendUnavailableException("the driver is too old"));
        assertThat(ExecutorRuntime.start(options("auto"), List.of(cpu, gpu)).fallbackReason())
                .isEmpty();
        assertThat(ExecutorRuntime.start(options("auto"), List.of(cpu, broken)).fallbackReason())
                .contains("the driver is too old");
        assertThat(ExecutorRuntime.start(options("cpu"), List.of(cpu, broken)).fallbackReason())
                .isEmpty();
    }

    @Test
    void ratesAreMeasuredInAutoAloneAndOnlyIfTheCostModelIsOn() {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        TaskSpec spec = new TaskSpec(sample.plan(), sample.constants(), Map.of());
        Batch batch = new Batch(4, DimBinding.EMPTY, List.of(HostTensor.zeros(DType.FLOAT32, 4, 20)));
        for (RuntimeOptions options : List.of(
                options("gpu"),
                options("auto"),
                new RuntimeOptions(1, Map.of("spark.tessera.device", "auto", CostModel.SETTING, "false")))) {
            FailingDevice device = new FailingDevice();
            List<BackendProvider> providers = List.of(new Provider("gpu", device), new CpuBackendProvider());
            try (ExecutorRuntime runtime = ExecutorRuntime.start(options, providers);
                    BackendTask task = runtime.openTask(spec)) {
                task.submit(batch).close();
                boolean isMeasured = options.equals(options("auto"));
                assertThat(device.openedTasks()).isEqualTo(isMeasured ? MEASURING_TASKS + 1 : 1);
                assertThat(task.receipt().predictionsByDevice().isEmpty()).isEqualTo(!isMeasured);
            }
        }
    }

    @Test
    void anotherDeviceIsRefused() {
        assertThatThrownBy(() -> ExecutorRuntime.start(options("tpu"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot choose a device: spark.tessera.device is 'tpu'; use auto, gpu or cpu");
    }

    @Test
    void closingTwiceClosesTheBackendOnceAndNoTaskOpensAfterwards() {
        IdleBackend idle = new IdleBackend();
        ExecutorRuntime runtime = ExecutorRuntime.start(options("cpu"), List.of(new Provider("cpu", idle)));
        runtime.close();
        runtime.close();
        assertThat(idle.events).containsExactly("close");
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        assertThatThrownBy(() -> runtime.openTask(new TaskSpec(sample.plan(), Map.of(), Map.of())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nativeBytesAreThoseOfOpenTasksAndGoWithThemAfterSuccessAndFailure() {
        SamplePlans.Sample sample = SamplePlans.denseLayer();
        TaskSpec spec = new TaskSpec(sample.plan(), sample.constants(), Map.of());
        Batch good = new Batch(10, DimBinding.EMPTY, List.of(HostTensor.zeros(DType.FLOAT32, 10, 20)));
        Batch bad = new Batch(10, DimBinding.EMPTY, List.of(HostTensor.zeros(DType.FLOAT32, 10, 19)));
        ExecutorRuntime runtime = ExecutorRuntime.start(options("cpu"));
        try (BackendTask failing = runtime.openTask(spec)) {
            failing.allocateHost(1000);
            assertThatThrownBy(() -> failing.submit(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThat(failing.nativeBytes()).isGreaterThanOrEqualTo(1000);
            try (BackendTask succeeding = runtime.openTask(spec)) {
                succeeding.submit(good).close();
                assertThat(runtime.nativeBytes()).isEqualTo(succeeding.nativeBytes() + failing.nativeBytes());
            }
            assertThat(runtime.nativeBytes()).isEqualTo(failing.nativeBytes());
        }
        assertThat(runtime.nativeBytes()).isZero();
        BackendTask forgotten = runtime.openTask(spec);
        forgotten.submit(good);
        runtime.close();
        forgotten.close();
        assertThat(runtime.nativeBytes()).isZero();
    }

    @Test
    void plansAndSizesThatDoNotVerifyAreRefusedBeforeTheyRun() {
        ExecutionPlan empty =
                new ExecutionPlan(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
        SamplePlans.Sample sample = SamplePlans.unknownDims();
        BackendProvider broken = new BrokenGpu(new BackendUnavailableException("no GPU is here"));
        List<BackendProvider> providers = List.of(broken, new CpuBackendProvider());
        try (ExecutorRuntime runtime = ExecutorRuntime.start(options("auto"), providers)) {
            assertThat(runtime.fallbackReason()).contains("no GPU is here");
            assertThatThrownBy(() -> runtime.openTask(new TaskSpec(empty, Map.of(), Map.of())))
                    .isInstanceOf(PlanFormatException.class);
            try (BackendTask task = runtime.openTask(new TaskSpec(sample.plan(), Map.of(), Map.of()))) {
                DimBinding unequal = new DimBinding(Map.of("n", 4L, "m", 4L));
                List<HostTensor> inputs = List.of(HostTensor.of(new float[4], 1, 4), HostTensor.of(new float[4], 1, 4));
                assertThatThrownBy(() -> task.submit(new Batch(1, unequal, inputs)))
                        .isInstanceOf(PlanBindingException.class);
                DimBinding dims = new DimBinding(Map.of("n", 4L, "m", 3L));
                List<HostTensor> fitting =
                        List.of(HostTensor.of(new float[4], 1, 4), HostTensor.of(new float[3], 1, 3));
                task.submit(new Batch(1, dims, fitting)).close();
                assertThat(task.receipt().batchesByDevice()).containsOnlyKeys(runtime.device());
                assertThat(task.receipt().fallbacksByReason()).isEmpty();
                assertThat(task.receipt().choiceByDevice())
                        .containsExactly(Map.entry(
                                runtime.device(), runtime.fallbackReason().orElseThrow()));
            }
        }
    }
}
