package dev.tessera.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.cuda.driver.CudaException.Kind;
import dev.tessera.cuda.driver.PtxAssembler.KernelUse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NVIDIA's own compiler and assembler through {@link CudaApi}; skipped where the compiler is not there. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class NvrtcTest {
    private static final String SOURCE = """
        extern "C" __global__ void activate(const float* __restrict__ x, float* __restrict__ y, long long n) {
            for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < n;
                 i += (long long)gridDim.x * blockDim.x) {
                y[i] = tanhf(x[i]) + erff(x[i]) * expf(-x[i]);
            }
        }

        extern "C" __global__ void __launch_bounds__(256) sum(const double* x, double* y, long long n) {
            __shared__ double partial[256];
            double total = 0;
            for (long long i = threadIdx.x; i < n; i += blockDim.x) total += x[i];
            partial[threadIdx.x] = total;
            __syncthreads();
            for (int half = 128; half > 0; half /= 2) {
                if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
                __syncthreads();
            }
            if (threadIdx.x == 0) *y = partial[0];
        }
        """;

    @Test
    void compilesToPtxOfBothKernels() {
        CudaApi api = RealNvrtc.assumed();
        assertThat(api.compilerVersion()).isBetween(12000, 12999);
        String ptx = text(compile(api, SOURCE, KernelImage.Format.PTX, 80));
        assertThat(ptx)
                .contains(".target sm_80", ".entry activate(", ".entry sum(", "bar.sync")
                .doesNotContain("\0");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 90})
    void compilesToMachineCode(int computeCapability) {
        KernelImage cubin = compile(RealNvrtc.assumed(), SOURCE, KernelImage.Format.CUBIN, computeCapability);
        // An ELF file for machine 190, EM_CUDA; the architecture is in the low byte of its flags.
        byte[] bytes = cubin.bytes();
        assertThat(new String(bytes, 1, 3, StandardCharsets.US_ASCII)).isEqualTo("ELF");
        assertThat(bytes[18] & 0xff).isEqualTo(190);
        assertThat(bytes[48] & 0xff).isEqualTo(computeCapability);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 90})
    void theAssemblerSaysWhatKernelsTake(int computeCapability) {
        String ptx = text(compile(RealNvrtc.assumed(), SOURCE, KernelImage.Format.PTX, computeCapability));
        List<KernelUse> uses = PtxAssembler.assemble(ptx, computeCapability);
        assertThat(uses).extracting(KernelUse::name).containsExactlyInAnyOrder("activate", "sum");
        assertThat(uses).allSatisfy(use -> {
            assertThat(use.spillBytes()).isZero();
            assertThat(use.registers()).isBetween(1, 255);
            assertThat(use.sharedBytes()).isEqualTo(use.name().equals("sum") ? 256 * Double.BYTES : 0);
        });
    }

    @Test
    void anErrorInTheSourceIsThrownWithTheLog() {
        CudaApi api = RealNvrtc.assumed();
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> compile(api, "__global__ void f() { return undefined; }", KernelImage.Format.PTX, 80))
                .withMessageContaining("Cannot run nvrtcCompileProgram: NVRTC_ERROR_COMPILATION (6)")
                .withMessageContaining("test.cu(1): error: identifier \"undefined\" is undefined")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.OTHER));
    }

    @Test
    void anArchitectureItDoesNotKnowIsUnsupported() {
        CudaApi api = RealNvrtc.assumed();
        assertThatExceptionOfType(CudaException.class)
                .isThrownBy(() -> compile(api, SOURCE, KernelImage.Format.PTX, 10))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED));
    }

    @Test
    void brokenPtxIsRefusedWithTheLog() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> PtxAssembler.assemble(".version 8.0\n.target sm_80\n.address_size 64\nnonsense;\n", 80))
                .withMessageContaining("NVPTXCOMPILE_ERROR_COMPILATION_FAILURE")
                .withMessageContaining("line 4");
    }

    private static KernelImage compile(CudaApi api, String source, KernelImage.Format format, int computeCapability) {
        return api.compile(new KernelCompilation(source, "test.cu", format, computeCapability, List.of()))
                .image();
    }

    private static String text(KernelImage ptx) {
        return new String(ptx.bytes(), StandardCharsets.US_ASCII);
    }
}
