package dev.tessera.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.tensor.DimBinding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuBackendTest {
    private CpuBackend openBlas;
    private CpuBackend plain;

    @BeforeAll
    void open() {
        openBlas = CpuBackend.open(new RuntimeOptions(2, Map.of()));
        plain = CpuBackend.open(new RuntimeOptions(
                1, Map.of(CpuBackend.OPENBLAS_SETTING, "false", CpuBackend.VECTOR_SETTING, "false")));
    }

    @AfterAll
    void close() {
        assertThat(openBlas.nativeBytes()).isZero();
        openBlas.close();
        plain.close();
    }

    static List<SamplePlans.Sample> samples() {
        return SamplePlans.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void samplePlansGiveWhatLoopsGive(SamplePlans.Sample sample) {
        DimBinding dims = new DimBinding(Map.of("n", 4L, "m", 3L, "k", 9L, "v", 3L));
        for (CpuBackend backend : List.of(openBlas, plain)) {
            PlanRuns.compare(backend, sample.plan(), sample.constants(), dims, 1, 5, 33, 2);
        }
    }
}
