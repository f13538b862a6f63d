package dev.tessera.cuda.driver;

/** What can be asked of a device, by the codes of {@code CUdevice_attribute}. */
public enum DeviceAttribute {
    MAX_THREADS_PER_BLOCK(1),
    MAX_GRID_X(5),
    SHARED_MEMORY_PER_BLOCK(8),
    WARP_SIZE(10),
    MULTIPROCESSOR_COUNT(16),
    INTEGRATED(18),
    COMPUTE_MODE(20),
    ECC_ENABLED(32),
    L2_CACHE_BYTES(38),
    MAX_THREADS_PER_MULTIPROCESSOR(39),
    ASYNC_ENGINE_COUNT(40),
    COMPUTE_CAPABILITY_MAJOR(75),
    COMPUTE_CAPABILITY_MINOR(76);

    private final int code;

    DeviceAttribute(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
