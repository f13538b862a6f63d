package dev.tessera.cuda.driver;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CUDA on this machine: what there is of it, and the way to it. Nothing is looked for, loaded or started before the first
 * question; the answer holds as long as the process runs. Thread-safe; nothing to close.
 */
public final class CudaPlatform {
    private final CudaLibraries libraries;
    private @Nullable CudaApi api;
    private @Nullable Capability capability;

    private CudaPlatform(CudaLibraries libraries) {
        this.libraries = libraries;
    }

    /**
     * The platform by {@code spark.tessera.*} settings.
     *
     * @throws IllegalArgumentException if a setting cannot be read
     */
    public static CudaPlatform of(Map<String, String> settings) {
        return new CudaPlatform(new CudaLibraries(LibrarySettings.of(settings)));
    }

    /** What there is. Starts the driver. */
    public synchronized Capability capability() {
        Capability known = capability;
        if (known == null) {
            known = new CapabilityProbe(libraries, this::api).probe();
            capability = known;
        }
        return known;
    }

    /** The way to it; of use as far as {@link #capability} says. */
    public synchronized CudaApi api() {
        CudaApi known = api;
        if (known == null) {
            known = new JCudaApi(libraries);
            api = known;
        }
        return known;
    }
}
