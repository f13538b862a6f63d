package dev.tessera.examples;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaPlatform;
import dev.tessera.cuda.kernel.GoldenKernels;
import dev.tessera.cuda.kernel.KernelSource;
import dev.tessera.tensor.DimBinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The kernels of the examples, kept as PTX with the tests' resources, so that the examples run on the simulated device where
 * there is no NVRTC. {@link #main} makes them again where there is one.
 */
final class ExampleKernels {
    private ExampleKernels() {}

    static Set<KernelSource> all() {
        Set<KernelSource> kernels = new LinkedHashSet<>();
        Stream.of(DetectGpu.function(), MultiplyMatrices.function(), ForceGpu.function())
                .forEach(function -> kernels.addAll(GoldenKernels.of(function.plan(), DimBinding.EMPTY)));
        return kernels;
    }

    /** The argument is the folder of examples. */
    public static void main(String[] arguments) throws IOException {
        CudaApi api = CudaPlatform.of(Map.of()).api();
        for (KernelSource source : all()) {
            GoldenKernels.write(
                    Path.of(arguments[0], "src/test/resources"), source, GoldenKernels.compile(api, source));
        }
    }
}
