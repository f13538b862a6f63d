package dev.tessera.cuda.kernel;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.driver.KernelCompilation;
import dev.tessera.cuda.driver.KernelImage;
import dev.tessera.runtime.DeviceFailureException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes modules of kernels for one device: from the folder, else with NVRTC, else from what was compiled with Tessera.
 * Machine code of exactly the device is preferred to PTX, which a driver older than the compiler may refuse.
 */
final class KernelCompiler {
    private static final Logger LOG = LoggerFactory.getLogger(KernelCompiler.class);

    /** That of CUDA 12.0, the oldest driver that is supported. */
    private static final String OLDEST_PTX = "8.0";

    private static final Pattern PTX_VERSION = Pattern.compile("(?m)^\\.version[ \\t]+(\\d+\\.\\d+)");

    private final CudaApi api;
    private final KernelFolder folder;
    private final int computeCapability;
    private final Optional<String> whyNoCompiler;
    private final Runnable onRefusedImage;
    private volatile boolean takesMachineCode = true;

    /** @param whyNoCompiler why there is no NVRTC, if there is none */
    KernelCompiler(
            CudaApi api,
            KernelFolder folder,
            int computeCapability,
            Optional<String> whyNoCompiler,
            Runnable onRefusedImage) {
        this.api = api;
        this.folder = folder;
        this.computeCapability = computeCapability;
        this.whyNoCompiler = whyNoCompiler;
        this.onRefusedImage = onRefusedImage;
    }

    /**
     * The module of a kernel, loaded onto the current context's device.
     *
     * @throws DeviceFailureException if there is no NVRTC, and the kernel is nowhere compiled
     */
    long load(KernelSource source) {
        String key = source.key("sm_" + computeCapability);
        int version = whyNoCompiler.isPresent() ? 0 : api.compilerVersion();
        Optional<KernelImage> kept = folder.read(key, version);
        if (kept.isPresent()) {
            try {
                return api.loadModule(kept.get());
            } catch (CudaException e) {
                requireRefusal(e);
                onRefusedImage.run();
                LOG.warn("Compiling {} again: the kept image does not load: {}", source.name(), e.getMessage());
            }
        }
        if (whyNoCompiler.isEmpty()) {
            return compile(source, key, version);
        }
        KernelImage bundled = BundledKernels.find(source)
                .orElseThrow(() -> new DeviceFailureException(
                        DeviceFailureException.Kind.UNSUPPORTED,
                        "kernel %s is not compiled yet, and NVRTC cannot: %s"
                                .formatted(source.name(), whyNoCompiler.get())));
        return api.loadModule(bundled);
    }

    private long compile(KernelSource source, String key, int version) {
        if (takesMachineCode) {
            try {
                return loadAndKeep(compile(source, KernelImage.Format.CUBIN), key, version);
            } catch (CudaException e) {
                requireRefusal(e);
                LOG.debug("No machine code of {} or any other kernel, but PTX: {}", source.name(), e.getMessage());
            }
        }
        long module = compilePtxAndLoad(source, key, version);
        takesMachineCode = false;
        return module;
    }

    private long compilePtxAndLoad(KernelSource source, String key, int version) {
        KernelImage image = compile(source, KernelImage.Format.PTX);
        try {
            return loadAndKeep(image, key, version);
        } catch (CudaException e) {
            requireRefusal(e);
            Optional<KernelImage> older = asOlderPtx(image);
            if (older.isEmpty()) {
                throw e;
            }
            LOG.debug("{} as PTX of version {}: {}", source.name(), OLDEST_PTX, e.getMessage());
            return loadAndKeep(older.get(), key, version);
        }
    }

    /**
     * The same PTX as that of {@link #OLDEST_PTX}, of which kernels use nothing newer: an NVRTC that is newer than the
     * driver names its own version. Empty if it is no newer.
     */
    private static Optional<KernelImage> asOlderPtx(KernelImage image) {
        String text = new String(image.bytes(), StandardCharsets.US_ASCII);
        Matcher matcher = PTX_VERSION.matcher(text);
        if (!matcher.find() || Double.parseDouble(matcher.group(1)) <= Double.parseDouble(OLDEST_PTX)) {
            return Optional.empty();
        }
        String older = text.substring(0, matcher.start(1)) + OLDEST_PTX + text.substring(matcher.end(1));
        return Optional.of(new KernelImage(KernelImage.Format.PTX, older.getBytes(StandardCharsets.US_ASCII)));
    }

    private long loadAndKeep(KernelImage image, String key, int version) {
        long module = api.loadModule(image);
        folder.write(key, version, image);
        return module;
    }

    private KernelImage compile(KernelSource source, KernelImage.Format format) {
        KernelCompilation compilation = new KernelCompilation(
                source.text(), source.name() + ".cu", format, computeCapability, List.of("--std=c++17"));
        return api.compile(compilation).image();
    }

    /** Fails again unless another image may do. */
    private static void requireRefusal(CudaException e) {
        if (e.kind() == CudaException.Kind.STICKY || e.kind() == CudaException.Kind.OUT_OF_MEMORY) {
            throw e;
        }
    }
}
