package dev.tessera.cuda.kernel;

import dev.tessera.codegen.MirrorKernel;
import dev.tessera.codegen.ProductKernel;
import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaPlatform;
import dev.tessera.cuda.driver.KernelCompilation;
import dev.tessera.cuda.driver.KernelImage;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.SamplePlans;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kernels whose PTX is kept with the sources: products, which every jar has for hosts without cuBLAS, and those of
 * {@link SamplePlans}, with which tests run where there is no NVRTC. After a change of the texts, the profile {@code nvrtc}
 * says which are out of date; {@link #main} makes them again.
 */
public final class GoldenKernels {
    /** The oldest architecture that CUDA 12 is commonly run on; PTX of it runs on every later one. */
    private static final int COMPUTE_CAPABILITY = 70;

    /** Every driver of CUDA 12 reads it. What NVRTC writes is newer in name only: an assembler checks that. */
    private static final String PTX_VERSION = ".version 7.0";

    private static final DimBinding DIMS = new DimBinding(Map.of("n", 5L, "m", 4L, "k", 7L, "v", 3L));

    private GoldenKernels() {}

    /** The kernels that are part of every jar. */
    static List<KernelSource> products() {
        List<KernelSource> products = new ArrayList<>();
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64)) {
            products.add(new KernelSource(ProductKernel.name(dtype), ProductKernel.source(dtype)));
        }
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
            products.add(new KernelSource(MirrorKernel.name(dtype), MirrorKernel.source(dtype)));
        }
        return products;
    }

    /** The kernels that tests need of the samples. */
    static Set<KernelSource> ofSamples() {
        Set<KernelSource> kernels = new LinkedHashSet<>();
        SamplePlans.all().forEach(sample -> kernels.addAll(of(sample.plan(), DIMS)));
        kernels.addAll(of(SamplePlans.wideRows().plan(), DIMS));
        return kernels;
    }

    /** The kernels that a plan needs for batches of few and of many rows. */
    public static Set<KernelSource> of(ExecutionPlan plan, DimBinding dims) {
        return of(plan, dims, 1, 33, 1000, 5000);
    }

    /** The kernels that a plan needs for batches of so many rows. */
    public static Set<KernelSource> of(ExecutionPlan plan, DimBinding dims, int... rowCounts) {
        Set<KernelSource> kernels = new LinkedHashSet<>();
        List<DeviceWork> work =
                new ArrayList<>(BoundBatch.ofInvariants(plan, dims).work());
        for (int rows : rowCounts) {
            work.addAll(BoundBatch.ofRows(plan, dims, rows).work());
        }
        for (DeviceWork item : work) {
            if (item instanceof DeviceWork.Launch launch) {
                kernels.add(
                        new KernelSource(launch.kernel().name(), launch.kernel().source()));
            }
        }
        return kernels;
    }

    /** The PTX that is kept of a kernel, on this class path. */
    public static Optional<String> kept(KernelSource source) {
        return BundledKernels.find(source).map(image -> new String(image.bytes(), StandardCharsets.US_ASCII));
    }

    /** The PTX to keep of a kernel. */
    public static String compile(CudaApi api, KernelSource source) {
        KernelCompilation compilation = new KernelCompilation(
                source.text(),
                source.name() + ".cu",
                KernelImage.Format.PTX,
                COMPUTE_CAPABILITY,
                List.of("--std=c++17"));
        String ptx = new String(api.compile(compilation).image().bytes(), StandardCharsets.US_ASCII);
        return withoutComments(ptx).replaceFirst("(?m)^\\.version \\d+\\.\\d+", PTX_VERSION);
    }

    /** The comments name the build of the compiler. */
    private static String withoutComments(String ptx) {
        return ptx.replace("\0", "").replaceAll("(?m)^//.*\\R", "").strip() + "\n";
    }

    /** Makes all again; the argument is the folder of gpu-runtime. */
    public static void main(String[] arguments) throws IOException {
        CudaApi api = CudaPlatform.of(Map.of()).api();
        Path module = Path.of(arguments[0]);
        for (KernelSource source : products()) {
            write(module.resolve("src/main/resources"), source, compile(api, source));
        }
        for (KernelSource source : ofSamples()) {
            write(module.resolve("src/test/resources"), source, compile(api, source));
        }
    }

    /** Keeps the PTX of a kernel with a module's resources. */
    public static void write(Path resources, KernelSource source, String ptx) throws IOException {
        Path file = resources.resolve("dev/tessera/cuda/kernel").resolve(BundledKernels.resource(source));
        Files.createDirectories(file.getParent());
        Files.writeString(file, ptx);
    }
}
