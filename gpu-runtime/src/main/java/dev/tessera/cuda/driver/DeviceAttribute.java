package dev.tessera.cuda.driver;

/** What can be asked of a device, by the codes of {@code CUdevice_attribute}. */
public enum DeviceAttribute {
    MAX_THREADS_PER_BLOCK(1),
    WARP_SIZE(10),
    MULTIPROCESSOR_COUNT(16),
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
