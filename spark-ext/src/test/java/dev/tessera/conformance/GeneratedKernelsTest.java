package dev.tessera.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.driver.KernelCompilation;
import dev.tessera.cuda.driver.KernelImage;
import dev.tessera.cuda.driver.PtxAssembler;
import dev.tessera.cuda.driver.RealNvrtc;
import dev.tessera.cuda.kernel.GoldenKernels;
import dev.tessera.cuda.kernel.KernelSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What the conformance table generates, through NVIDIA's compiler and assembler: a sample of it, or with
 * {@code -Dtessera.kernels=all} every kernel. Skipped where there is no NVRTC.
 */
class GeneratedKernelsTest {
    private static final String HOW_MANY = "tessera.kernels";
    private static final int STEP = 101;
    /** Rows whose kernels take the most registers for what they compute. */
    private static final Set<String> ALWAYS = Set.of("reciprocal of float64", "logsumexp of float64");

    private static final int[] COMPUTE_CAPABILITIES = {80, 90};
    private static final List<String> OPTIONS = List.of("--std=c++17");

    @Test
    void everyKernelAssemblesForRealHardwareWithoutSpills() {
        CudaApi api = RealNvrtc.assumed();
        List<String> wrong = new ArrayList<>();
        Set<KernelSource> kernels = kernels("all".equals(System.getProperty(HOW_MANY)) ? 1 : STEP);
        assertThat(kernels).hasSizeGreaterThan(20);
        for (KernelSource kernel : kernels) {
            try {
                for (int computeCapability : COMPUTE_CAPABILITIES) {
                    api.compile(compilation(kernel, KernelImage.Format.CUBIN, computeCapability));
                    byte[] ptx = api.compile(compilation(kernel, KernelImage.Format.PTX, computeCapability))
                            .image()
                            .bytes();
                    PtxAssembler.assemble(
                                    new String(ptx, StandardCharsets.US_ASCII).replace("\0", ""), computeCapability)
                            .stream()
                            .filter(use -> use.spillBytes() > 0)
                            .forEach(use -> wrong.add("sm_%d: %s".formatted(computeCapability, use)));
                }
            } catch (CudaException | IllegalArgumentException e) {
                wrong.add(kernel.name() + ": " + e.getMessage());
            }
        }
        assertThat(wrong).as("of %d kernels", kernels.size()).isEmpty();
    }

    private static KernelCompilation compilation(
            KernelSource kernel, KernelImage.Format format, int computeCapability) {
        return new KernelCompilation(kernel.text(), kernel.name() + ".cu", format, computeCapability, OPTIONS);
    }

    /** The kernels of one case in {@code step}, and of every case of some rows. */
    private static Set<KernelSource> kernels(int step) {
        Set<KernelSource> kernels = new LinkedHashSet<>();
        int index = 0;
        for (Map.Entry<String, Supplier<List<ConformanceCase>>> row :
                ConformanceSuite.rows().entrySet()) {
            for (ConformanceCase testCase : row.getValue().get()) {
                if (index++ % step == 0 || ALWAYS.contains(row.getKey())) {
                    CompiledGraph compiled = PlanCompiler.compile(testCase.graph());
                    kernels.addAll(GoldenKernels.of(
                            compiled.plan(),
                            BackendSubject.binding(compiled.plan(), testCase),
                            testCase.rows().size()));
                }
            }
        }
        return kernels;
    }
}
