package dev.tessera.conformance;

import dev.tessera.cuda.CudaBackendProvider;
import dev.tessera.cuda.RealGpu;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.RuntimeOptions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The CUDA backend on a real GPU against the oracle: the conformance table and random graphs. */
@Tag("gpu")
@ExtendWith(RealGpu.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GpuConformanceTest {
    private Backend backend;

    @BeforeAll
    void openBackend() {
        backend = new CudaBackendProvider().open(new RuntimeOptions(1, Map.of()));
    }

    @AfterAll
    void closeBackend() {
        if (backend != null) {
            backend.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> table() {
        return new ConformanceSuite(new BackendSubject(backend)).tests();
    }

    @Test
    void compiledGraphIsWithinTheBounds() {
        Subject compiled = new BackendSubject(backend);

        RandomGraphsTest.check(testCase -> Conformance.mismatchOfFinite(testCase, compiled));
    }
}
