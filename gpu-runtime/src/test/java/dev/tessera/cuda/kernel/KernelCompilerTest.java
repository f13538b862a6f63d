package dev.tessera.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.cuda.driver.CompiledKernel;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.driver.KernelCompilation;
import dev.tessera.cuda.driver.KernelImage;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that refuse what NVRTC makes. */
class KernelCompilerTest {
    private static final KernelSource SOURCE = new KernelSource("k", "void k() {}");
    private static final String PTX = "//\n.version 9.1\n.target sm_80\n.address_size 64\n";

    @TempDir
    Path folder;

    private final List<String> refused = new ArrayList<>();

    /** A driver that takes only PTX of {@code version}, under an NVRTC 13.1. */
    private CudaApi api(String version) {
        return (CudaApi) Proxy.newProxyInstance(
                CudaApi.class.getClassLoader(), new Class<?>[] {CudaApi.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "compilerVersion":
                            return 13_010;
                        case "compile":
                            KernelImage.Format format = ((KernelCompilation) arguments[0]).format();
                            return new CompiledKernel(
                                    new KernelImage(format, PTX.getBytes(StandardCharsets.US_ASCII)), "");
                        case "loadModule":
                            return load((KernelImage) arguments[0], version);
                        default:
                            throw new AssertionError(method);
                    }
                });
    }

    private long load(KernelImage image, String version) {
        String text = new String(image.bytes(), StandardCharsets.US_ASCII);
        if (image.format() == KernelImage.Format.PTX && text.contains(".version %s\n".formatted(version))) {
            return 7;
        }
        refused.add(image.format() + " " + text.lines().toList().get(1));
        throw new CudaException(
                "cuModuleLoadDataEx",
                222,
                "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
                CudaException.Kind.UNSUPPORTED,
                image.toString());
    }

    private KernelCompiler compiler(CudaApi api) {
        return new KernelCompiler(api, new KernelFolder(folder), 80, Optional.empty(), () -> refused.add("kept"));
    }

    @Test
    void ptxThatIsNewerThanTheDriverIsGivenAsTheOldestThatItMayBe() {
        assertThat(compiler(api("8.0")).load(SOURCE)).isEqualTo(7);
        assertThat(refused).containsExactly("CUBIN .version 9.1", "PTX .version 9.1");
        refused.clear();
        // What was taken is what is kept.
        assertThat(compiler(api("8.0")).load(SOURCE)).isEqualTo(7);
        assertThat(refused).isEmpty();
    }

    @Test
    void whatTheDriverRefusesEvenThenFails() {
        assertThatThrownBy(() -> compiler(api("6.0")).load(SOURCE))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("CUDA_ERROR_UNSUPPORTED_PTX_VERSION");
        assertThat(refused).containsExactly("CUBIN .version 9.1", "PTX .version 9.1", "PTX .version 8.0");
    }
}
