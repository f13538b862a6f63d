package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DimBinding;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end when its GPU is lost, so that Spark starts another executor. */
@ExtendWith(SimulatedCuda.class)
class LostDeviceExitTest {
    private static final String LIBRARIES = "tessera.sim.libraries";

    @Test
    void theProcessEndsWithItsOwnStatus(@TempDir Path folder) throws Exception {
        List<String> arguments = List.of("-D" + LIBRARIES + "=" + SimulatedCuda.libraryFolder());
        String output = ChildJvm.start(folder, LosesItsDevice.class, arguments).await();
        assertThat(output).contains("running").doesNotContain("survived").endsWith("status 20");
    }

    /** Runs a batch on a device that is lost meanwhile. */
    static final class LosesItsDevice {
        private LosesItsDevice() {}

        public static void main(String[] arguments) {
            SimulatedDevice device = SimulatedDevice.load();
            SamplePlans.Sample sample = SamplePlans.denseLayer();
            Map<String, String> settings = Map.of(
                    "spark.tessera.device",
                    "gpu",
                    "spark.tessera.gpu.onDeviceLost",
                    "exit",
                    "spark.tessera.gpu.libraryPath",
                    System.getProperty(LIBRARIES),
                    "spark.tessera.gpu.kernelCache",
                    Path.of("").toAbsolutePath().toString());
            try (ExecutorRuntime runtime = ExecutorRuntime.start(new RuntimeOptions(1, settings));
                    BackendTask task = runtime.openTask(new TaskSpec(sample.plan(), sample.constants(), Map.of()))) {
                System.out.println("running");
                device.loseDevice(4);
                Batch batch = new Batch(9, DimBinding.EMPTY, List.of(SamplePlans.random(1, 9, 20)));
                task.submit(batch).await();
                System.out.println("survived");
            }
        }
    }
}
