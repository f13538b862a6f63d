package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.BackendUnavailableException;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DimBinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which of several GPUs a task goes to. */
@ExtendWith(SimulatedCuda.class)
class DevicesTest {
    private static final int OUT_OF_MEMORY = 2;

    private final SamplePlans.Sample sample = SamplePlans.denseLayer();
    private final List<BackendTask> tasks = new ArrayList<>();

    @TempDir
    Path kernels;

    @BeforeEach
    void twoDevices(SimulatedDevice device) {
        device.setDeviceCount(2);
    }

    @AfterEach
    void nothingIsLeft(SimulatedDevice device) {
        SimulatedBackend.requireNothingLeft(device);
    }

    private Backend open(String devices) {
        return new CudaBackendProvider()
                .open(new RuntimeOptions(
                        2,
                        Map.of(
                                CudaSettings.DEVICES,
                                devices,
                                CudaSettings.KERNEL_FOLDER,
                                kernels.toString(),
                                "spark.tessera.gpu.libraryPath",
                                SimulatedCuda.libraryFolder().toString())));
    }

    /** The number of the device that a task of these addresses has run a batch on; it stays open. */
    private int run(Backend backend, String... addresses) {
        BackendTask task = backend.openTask(
                new TaskSpec(sample.plan(), sample.constants(), Map.of()).onDevices(List.of(addresses)));
        tasks.add(task);
        task.submit(new Batch(2, DimBinding.EMPTY, List.of(SamplePlans.random(3, 2, 20))))
                .await();
        String name = task.receipt().batchesByDevice().keySet().iterator().next();
        // The UUID of a simulated device ends in its number.
        return Integer.parseInt(name.substring(name.length() - 2, name.length() - 1));
    }

    private void closeTasks() {
        tasks.forEach(BackendTask::close);
        tasks.clear();
    }

    @Test
    void aTaskGoesToTheDeviceWithTheFewestOpenTasks() {
        try (Backend backend = open("")) {
            assertThat(List.of(run(backend), run(backend), run(backend), run(backend)))
                    .containsExactly(0, 1, 0, 1);
            tasks.remove(1).close();
            assertThat(run(backend)).isEqualTo(1);
            closeTasks();
        }
    }

    @Test
    void aDeviceThatNoTaskComesToIsNotOpened(SimulatedDevice device) {
        try (Backend backend = open("")) {
            assertThat(device.counter("live.contexts")).isZero();
            run(backend);
            closeTasks();
            run(backend);
            closeTasks();
            assertThat(device.counter("live.contexts")).isEqualTo(1);
        }
    }

    @Test
    void aTaskGoesToTheDeviceThatItWasGivenByNumberOrUuidWhateverTheSettingsName() {
        String uuid = "GPU-53494d55-4c41-5445-4400-00000000000";
        try (Backend backend = open("0")) {
            assertThat(run(backend)).isZero();
            assertThat(run(backend)).isZero();
            assertThat(run(backend, "1")).isEqualTo(1);
            assertThat(run(backend, uuid + "1")).isEqualTo(1);
            assertThat(run(backend, uuid.toLowerCase(Locale.ROOT) + "0")).isZero();
            assertThat(run(backend, "0", "1"))
                    .as("the one with fewer tasks of two")
                    .isEqualTo(1);
            closeTasks();
        }
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        try (Backend backend = open("")) {
            assertThatThrownBy(() -> run(backend, "7"))
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessageContaining("Spark gave the task the GPUs [7], and there are only [gpu (Simulated");
        }
        assertThatThrownBy(() -> open("0,7"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("spark.tessera.gpu.devices names device 7");
    }

    @Test
    void aTaskGoesToAnotherDeviceIfOneCannotBeOpenedAndFailsIfNoneCan(SimulatedDevice device) {
        try (Backend backend = open("")) {
            device.failCall("cuDevicePrimaryCtxRetain", 1, OUT_OF_MEMORY);
            assertThat(run(backend)).isEqualTo(1);
            closeTasks();
        }
        try (Backend backend = open("")) {
            device.failCallsFrom("cuDevicePrimaryCtxRetain", 1, OUT_OF_MEMORY);
            assertThatThrownBy(() -> run(backend))
                    .isInstanceOf(DeviceFailureException.class)
                    .hasMessageContaining("cannot be opened");
        }
    }
}
