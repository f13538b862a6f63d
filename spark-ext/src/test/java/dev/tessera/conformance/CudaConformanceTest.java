package dev.tessera.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cuda.CudaBackendProvider;
import dev.tessera.cuda.driver.RealNvrtc;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.sim.SimulatedCuda;
import dev.tessera.sim.SimulatedDevice;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The CUDA backend on the simulated device against the oracle: the conformance table, its kernels compiled by NVRTC. */
@ExtendWith(SimulatedCuda.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaConformanceTest {
    private Backend backend;

    @TestFactory
    Stream<DynamicTest> table(SimulatedDevice device) {
        RealNvrtc.assumed();
        backend = new CudaBackendProvider()
                .open(new RuntimeOptions(
                        1,
                        Map.of(
                                "spark.tessera.gpu.libraryPath",
                                SimulatedCuda.libraryFolder().toString())));
        return Stream.concat(
                new ConformanceSuite(new BackendSubject(backend)).tests(),
                Stream.of(DynamicTest.dynamicTest(
                        "no fault", () -> assertThat(device.faults()).isEmpty())));
    }

    @AfterAll
    void closeBackend() {
        if (backend != null) {
            backend.close();
        }
    }
}
