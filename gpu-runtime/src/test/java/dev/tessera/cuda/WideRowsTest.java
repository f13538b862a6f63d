package dev.tessera.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cpu.PlanRuns;
import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import dev.tessera.tensor.DimBinding;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernels that rows of some length are worth: squares, fours, kept elements, a sort. */
@ExtendWith(SimulatedCuda.class)
class WideRowsTest {
    @Test
    void theyGiveWhatTheNaiveRunGives(SimulatedDevice device) {
        SamplePlans.Sample sample = SamplePlans.wideRows();
        RuntimeOptions options = new RuntimeOptions(
                1,
                Map.of(
                        "spark.tessera.gpu.libraryPath",
                        SimulatedCuda.libraryFolder().toString()));
        try (Backend backend = new CudaBackendProvider().open(options)) {
            PlanRuns.compare(backend, sample.plan(), sample.constants(), DimBinding.EMPTY, 1, 33, 0, 3);
        }
        assertThat(device.faults()).isEmpty();
        assertThat(device.leaks()).isEmpty();
    }
}
