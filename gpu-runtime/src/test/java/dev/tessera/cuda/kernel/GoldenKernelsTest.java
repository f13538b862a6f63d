package dev.tessera.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.PtxAssembler;
import dev.tessera.cuda.driver.RealNvrtc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldenKernelsTest {
    /** NVRTC 12.9, which the profile {@code nvrtc} has. */
    private static final int NVRTC_VERSION = 12_090;

    private static List<KernelSource> all() {
        List<KernelSource> all = new ArrayList<>(GoldenKernels.products());
        all.addAll(GoldenKernels.ofSamples());
        return all;
    }

    @Test
    void everyKernelThatIsNeededWithoutACompilerIsThere() {
        for (KernelSource source : all()) {
            assertThat(BundledKernels.find(source))
                    .as("%s; make them again with GoldenKernels", source.name())
                    .isPresent();
        }
    }

    @Test
    void whatIsKeptIsWhatTheCompilerMakes() {
        CudaApi api = RealNvrtc.assumed();
        assumeTrue(api.compilerVersion() == NVRTC_VERSION, "another NVRTC makes other text");
        for (KernelSource source : all()) {
            String kept = new String(BundledKernels.find(source).orElseThrow().bytes(), StandardCharsets.US_ASCII);
            assertThat(kept).isEqualTo(GoldenKernels.compile(api, source));
        }
    }

    @Test
    void noKernelSpillsRegisters() {
        RealNvrtc.assumed();
        for (KernelSource source : all()) {
            String kept = new String(BundledKernels.find(source).orElseThrow().bytes(), StandardCharsets.US_ASCII);
            for (int computeCapability : new int[] {80, 90}) {
                assertThat(PtxAssembler.assemble(kept, computeCapability))
                        .as(source.name())
                        .allSatisfy(use -> assertThat(use.spillBytes()).isZero());
            }
        }
    }
}
