package dev.tessera.cuda;

import dev.tessera.cpu.PlanRuns;
import dev.tessera.plan.SamplePlans;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.tensor.DimBinding;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples of plans on a real GPU, against the naive run. */
@Tag("gpu")
@ExtendWith(RealGpu.class)
class SamplesOnGpuTest {
    @TempDir
    Path kernels;

    static List<SamplePlans.Sample> samples() {
        return SamplePlans.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleGivesWhatTheNaiveRunGives(SamplePlans.Sample sample) {
        DimBinding dims = new DimBinding(Map.of("n", 5L, "m", 4L, "k", 7L, "v", 3L));
        RuntimeOptions options = new RuntimeOptions(2, Map.of(CudaSettings.KERNEL_FOLDER, kernels.toString()));
        try (Backend backend = new CudaBackendProvider().open(options)) {
            PlanRuns.compare(backend, sample.plan(), sample.constants(), dims, 1, 33, 0, 1000, 33);
        }
    }
}
