package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.plugin.TensorConf;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A local session of which all batches must run on the simulated GPU, instead of that of {@link SparkSessions}, for the
 * tests of a class. Each test starts the runtime anew, and fails if anything of it is left on the device. Registered after
 * {@link SimulatedCuda}.
 */
public final class SimulatedGpuSessions
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final String FAULT_OF_TEST = ", as asked";

    private String leaksBefore = "";

    @Override
    public void beforeAll(ExtensionContext context) {
        if (SparkSessions.isNested(context)) {
            return;
        }
        SimulatedDevice.load();
        SparkSessions.restart(Map.of(
                TensorConf.DEVICE.key(),
                "gpu",
                TensorConf.GPU_LIBRARY_PATH.key(),
                SimulatedCuda.libraryFolder().toString()));
    }

    /** Page-locked memory that another test's lost device has left behind is there until the process ends. */
    @Override
    public void beforeEach(ExtensionContext context) {
        leaksBefore = SimulatedDevice.load().leaks();
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        SparkSessions.requireNoOpenTask();
        RuntimeHolder.close();
        SimulatedDevice device = SimulatedDevice.load();
        boolean isLost = device.faults().contains(FAULT_OF_TEST);
        assertThat(device.faults().lines().filter(fault -> !fault.contains(FAULT_OF_TEST)))
                .as("faults")
                .isEmpty();
        if (!isLost) {
            assertThat(device.leakReports()).as("leaks at the end of a context").isEmpty();
            assertThat(device.leaks()).as("leaks").isEqualTo(leaksBefore);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (!SparkSessions.isNested(context)) {
            SparkSessions.stop();
        }
    }
}
