package dev.tessera.cuda.driver;

/**
 * What a backend calls of the CUDA driver, cuBLAS and NVRTC. Handles and addresses are numbers as the libraries gave them;
 * what this interface hands out is given back through it by who asked for it. Thread-safe; calls about memory, modules,
 * streams, events and cuBLAS act on the context that the calling thread made current.
 *
 * <p>Every method throws {@link CudaException} if the library reports a failure, and with kind {@code UNSUPPORTED} if there
 * is no such library. An asynchronous failure shows at a later call. Nothing but {@link #init} and {@link #compile} may be
 * called before {@code init} has returned.
 */
public interface CudaApi {
    /** Loads the driver and starts it; further calls do nothing. */
    void init();

    /** The CUDA version that the driver can run, as 12060 for 12.6. */
    int driverVersion();

    int deviceCount();

    /** The handle of the device of an ordinal below {@link #deviceCount}. */
    int device(int ordinal);

    String deviceName(int device);

    /** As {@code nvidia-smi} prints it: {@code GPU-} and five groups of hexadecimal digits. */
    String deviceUuid(int device);

    int deviceAttribute(int device, DeviceAttribute attribute);

    long deviceMemoryInBytes(int device);

    /** The context that all of the process shares on a device; each is released once. */
    long retainPrimaryContext(int device);

    void releasePrimaryContext(int device);

    /** Makes a context the calling thread's; 0 for none. */
    void setCurrentContext(long context);

    /** Waits for all that was asked of the current context. */
    void synchronizeContext();

    MemoryInUse memoryInUse();

    /** The memory of a device, all processes together. */
    record MemoryInUse(long freeBytes, long totalBytes) {}

    /** Memory on the device, aligned to at least 256 bytes; of undefined contents. {@code sizeInBytes} is positive. */
    long allocate(long sizeInBytes);

    void free(long address);

    /** Page-locked memory of the host, of undefined contents; at most 2^31-1 bytes. */
    PinnedMemory allocatePinned(int sizeInBytes);

    void freePinned(PinnedMemory memory);

    /**
     * Copies in stream order. The bytes of the host must stay as they are until then; if they are not {@link PinnedMemory},
     * the call may wait for them.
     */
    void copyHostToDevice(long device, long host, long sizeInBytes, long stream);

    void copyDeviceToHost(long host, long device, long sizeInBytes, long stream);

    void copyDeviceToDevice(long to, long from, long sizeInBytes, long stream);

    /** Sets each byte, in stream order. */
    void fill(long address, byte value, long sizeInBytes, long stream);

    /** A stream that does not wait for the default one. */
    long createStream();

    void destroyStream(long stream);

    void synchronizeStream(long stream);

    /** Has what is asked of {@code stream} from now on wait for {@code event}. */
    void waitForEvent(long stream, long event);

    /** An event; one that is not timed costs less. */
    long createEvent(boolean timed);

    void destroyEvent(long event);

    void recordEvent(long event, long stream);

    /** Whether all that was asked before the event was recorded is done. */
    boolean isEventDone(long event);

    void synchronizeEvent(long event);

    /** From one timed event to another, both done. */
    float elapsedMilliseconds(long from, long to);

    /** Loads kernels onto the current device. The message of a failure has the log of the driver's compiler. */
    long loadModule(KernelImage image);

    void unloadModule(long module);

    /** The kernel of a name; lives as long as its module. */
    long function(long module, String name);

    /** Launches in stream order. The parameters may be written to again when this returns. */
    void launch(long function, LaunchShape shape, long stream, KernelParameters parameters);

    /** A cuBLAS handle of the current context. One thread at a time uses it. */
    long createBlas();

    void destroyBlas(long handle);

    /** As 120601 for 12.6.1; needs no handle. */
    int blasVersion();

    void setBlasStream(long handle, long stream);

    /** Whether cuBLAS must not use what its documents call a less robust or reduced way; for debugging. */
    void setBlasPedantic(long handle, boolean pedantic);

    void gemm(long handle, GemmCall call);

    /** As {@link #gemm}, for each of {@code call.batch()} products. */
    void gemmStridedBatched(long handle, GemmCall call);

    void gemv(long handle, GemvCall call);

    void syrk(long handle, SyrkCall call);

    /** As 12060 for 12.6. */
    int compilerVersion();

    /**
     * Compiles CUDA C.
     *
     * @throws CudaException with the compiler's log, if it finds an error
     */
    CompiledKernel compile(KernelCompilation compilation);
}
