package dev.tessera.cuda.driver;

import static dev.tessera.cuda.driver.Results.check;

import dev.tessera.cuda.driver.CudaException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUuuid;
import jcuda.driver.JCudaDriver;

/**
 * {@link CudaApi} over JCuda: the driver's own functions here, cuBLAS and NVRTC in classes of their own.
 *
 * <p>A function that the driver does not have ends the process, with no exception to catch. So only functions are called
 * that every driver of CUDA 12 has, and {@link Capability} refuses older ones. No array of the heap is passed where JCuda
 * would hold the garbage collector up until a device is done with it: memory is passed by address.
 */
final class JCudaApi implements CudaApi {
    private static final int EVENT_BLOCKING_SYNC = 1;
    private static final int EVENT_DISABLE_TIMING = 2;
    private static final int HOST_MEMORY_PORTABLE = 1;
    private static final int STREAM_NON_BLOCKING = 1;
    private static final int NAME_BYTES = 256;

    private final CudaLibraries libraries;

    JCudaApi(CudaLibraries libraries) {
        this.libraries = libraries;
    }

    @Override
    public void init() {
        require(NativeLibrary.DRIVER, "cuInit");
        // Others in the process may have asked JCuda for exceptions of its own.
        JCudaDriver.setExceptionsEnabled(false);
        check("cuInit", JCudaDriver.cuInit(0));
    }

    @Override
    public int driverVersion() {
        int[] version = new int[1];
        check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
        return version[0];
    }

    @Override
    public int deviceCount() {
        int[] count = new int[1];
        check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
        return count[0];
    }

    @Override
    public int device(int ordinal) {
        CUdevice device = new CUdevice();
        check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, ordinal));
        return (int) NativeHandles.of(device);
    }

    @Override
    public String deviceName(int device) {
        byte[] name = new byte[NAME_BYTES];
        check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, NAME_BYTES, handleOf(device)));
        int length = 0;
        while (length < NAME_BYTES && name[length] != 0) {
            length++;
        }
        return new String(name, 0, length, StandardCharsets.UTF_8);
    }

    @Override
    public String deviceUuid(int device) {
        CUuuid uuid = new CUuuid();
        uuid.bytes = new byte[16];
        check("cuDeviceGetUuid", JCudaDriver.cuDeviceGetUuid(uuid, handleOf(device)));
        ByteBuffer bytes = ByteBuffer.wrap(uuid.bytes);
        return String.format(
                Locale.ROOT,
                "GPU-%08x-%04x-%04x-%04x-%012x",
                bytes.getInt(),
                bytes.getShort(),
                bytes.getShort(),
                bytes.getShort(),
                bytes.getLong(8) & 0xffff_ffff_ffffL);
    }

    @Override
    public int deviceAttribute(int device, DeviceAttribute attribute) {
        int[] value = new int[1];
        check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, attribute.code(), handleOf(device)));
        return value[0];
    }

    @Override
    public long deviceMemoryInBytes(int device) {
        long[] bytes = new long[1];
        check("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(bytes, handleOf(device)));
        return bytes[0];
    }

    @Override
    public long retainPrimaryContext(int device) {
        CUcontext context = new CUcontext();
        check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, handleOf(device)));
        return NativeHandles.of(context);
    }

    @Override
    public void releasePrimaryContext(int device) {
        check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(handleOf(device)));
    }

    @Override
    public void setCurrentContext(long context) {
        check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(NativeHandles.at(new CUcontext(), context)));
    }

    @Override
    public void synchronizeContext() {
        check("cuCtxSynchronize", JCudaDriver.cuCtxSynchronize());
    }

    @Override
    public MemoryInUse memoryInUse() {
        long[] free = new long[1];
        long[] total = new long[1];
        check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, total));
        return new MemoryInUse(free[0], total[0]);
    }

    @Override
    public long allocate(long sizeInBytes) {
        CUdeviceptr memory = new CUdeviceptr();
        checkOf("cuMemAlloc", JCudaDriver.cuMemAlloc(memory, sizeInBytes), () -> sizeInBytes + " bytes");
        return NativeHandles.of(memory);
    }

    @Override
    public void free(long address) {
        check("cuMemFree", JCudaDriver.cuMemFree(onDevice(address)));
    }

    @Override
    public PinnedMemory allocatePinned(int sizeInBytes) {
        Pointer memory = new Pointer();
        int code = JCudaDriver.cuMemHostAlloc(memory, sizeInBytes, HOST_MEMORY_PORTABLE);
        checkOf("cuMemHostAlloc", code, () -> sizeInBytes + " bytes");
        return new PinnedMemory(NativeHandles.of(memory), memory.getByteBuffer(0, sizeInBytes));
    }

    @Override
    public void freePinned(PinnedMemory memory) {
        check("cuMemFreeHost", JCudaDriver.cuMemFreeHost(onHost(memory.address())));
    }

    @Override
    public void copyHostToDevice(long device, long host, long sizeInBytes, long stream) {
        check(
                "cuMemcpyHtoDAsync",
                JCudaDriver.cuMemcpyHtoDAsync(onDevice(device), onHost(host), sizeInBytes, streamOf(stream)));
    }

    @Override
    public void copyDeviceToHost(long host, long device, long sizeInBytes, long stream) {
        check(
                "cuMemcpyDtoHAsync",
                JCudaDriver.cuMemcpyDtoHAsync(onHost(host), onDevice(device), sizeInBytes, streamOf(stream)));
    }

    @Override
    public void copyDeviceToDevice(long to, long from, long sizeInBytes, long stream) {
        check(
                "cuMemcpyDtoDAsync",
                JCudaDriver.cuMemcpyDtoDAsync(onDevice(to), onDevice(from), sizeInBytes, streamOf(stream)));
    }

    @Override
    public void fill(long address, byte value, long sizeInBytes, long stream) {
        check("cuMemsetD8Async", JCudaDriver.cuMemsetD8Async(onDevice(address), value, sizeInBytes, streamOf(stream)));
    }

    @Override
    public long createStream() {
        CUstream stream = new CUstream();
        check("cuStreamCreate", JCudaDriver.cuStreamCreate(stream, STREAM_NON_BLOCKING));
        return NativeHandles.of(stream);
    }

    @Override
    public void destroyStream(long stream) {
        check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(streamOf(stream)));
    }

    @Override
    public void synchronizeStream(long stream) {
        check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(streamOf(stream)));
    }

    @Override
    public void waitForEvent(long stream, long event) {
        check("cuStreamWaitEvent", JCudaDriver.cuStreamWaitEvent(streamOf(stream), eventOf(event), 0));
    }

    @Override
    public long createEvent(boolean timed) {
        CUevent event = new CUevent();
        // Tasks share the cores: a thread that waits sleeps.
        int flags = timed ? EVENT_BLOCKING_SYNC : EVENT_BLOCKING_SYNC | EVENT_DISABLE_TIMING;
        check("cuEventCreate", JCudaDriver.cuEventCreate(event, flags));
        return NativeHandles.of(event);
    }

    @Override
    public void destroyEvent(long event) {
        check("cuEventDestroy", JCudaDriver.cuEventDestroy(eventOf(event)));
    }

    @Override
    public void recordEvent(long event, long stream) {
        check("cuEventRecord", JCudaDriver.cuEventRecord(eventOf(event), streamOf(stream)));
    }

    @Override
    public boolean isEventDone(long event) {
        int code = JCudaDriver.cuEventQuery(eventOf(event));
        if (code == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        check("cuEventQuery", code);
        return true;
    }

    @Override
    public void synchronizeEvent(long event) {
        check("cuEventSynchronize", JCudaDriver.cuEventSynchronize(eventOf(event)));
    }

    @Override
    public float elapsedMilliseconds(long from, long to) {
        float[] milliseconds = new float[1];
        check("cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(milliseconds, eventOf(from), eventOf(to)));
        return milliseconds[0];
    }

    @Override
    public long loadModule(KernelImage image) {
        return JCudaModules.load(image);
    }

    @Override
    public void unloadModule(long module) {
        check("cuModuleUnload", JCudaDriver.cuModuleUnload(NativeHandles.at(new CUmodule(), module)));
    }

    @Override
    public long function(long module, String name) {
        CUfunction function = new CUfunction();
        int code = JCudaDriver.cuModuleGetFunction(function, NativeHandles.at(new CUmodule(), module), name);
        checkOf("cuModuleGetFunction", code, () -> "of '" + name + "'");
        return NativeHandles.of(function);
    }

    @Override
    public void launch(long function, LaunchShape shape, long stream, KernelParameters parameters) {
        int code = JCudaDriver.cuLaunchKernel(
                NativeHandles.at(new CUfunction(), function),
                shape.gridX(),
                shape.gridY(),
                shape.gridZ(),
                shape.blockX(),
                shape.blockY(),
                shape.blockZ(),
                shape.sharedBytes(),
                streamOf(stream),
                onHost(parameters.address()),
                null);
        checkOf("cuLaunchKernel", code, shape::toString);
    }

    @Override
    public long createBlas() {
        require(NativeLibrary.CUBLAS, "cublasCreate");
        return JCublasCalls.create();
    }

    @Override
    public void destroyBlas(long handle) {
        JCublasCalls.destroy(handle);
    }

    @Override
    public int blasVersion() {
        require(NativeLibrary.CUBLAS, "cublasGetProperty");
        return JCublasCalls.version();
    }

    @Override
    public void setBlasStream(long handle, long stream) {
        JCublasCalls.setStream(handle, stream);
    }

    @Override
    public void setBlasPedantic(long handle, boolean pedantic) {
        JCublasCalls.setPedantic(handle, pedantic);
    }

    @Override
    public void gemm(long handle, GemmCall call) {
        JCublasCalls.gemm(handle, call);
    }

    @Override
    public void gemmStridedBatched(long handle, GemmCall call) {
        JCublasCalls.gemmStridedBatched(handle, call);
    }

    @Override
    public void gemv(long handle, GemvCall call) {
        JCublasCalls.gemv(handle, call);
    }

    @Override
    public void syrk(long handle, SyrkCall call) {
        JCublasCalls.syrk(handle, call);
    }

    @Override
    public int compilerVersion() {
        require(NativeLibrary.NVRTC, "nvrtcVersion");
        return JNvrtcCalls.version();
    }

    @Override
    public CompiledKernel compile(KernelCompilation compilation) {
        require(NativeLibrary.NVRTC, "nvrtcCompileProgram");
        return JNvrtcCalls.compile(compilation);
    }

    private void require(NativeLibrary library, String function) {
        LibraryStatus status = libraries.load(library);
        if (!status.isLoaded()) {
            throw new CudaException(
                    function, -1, library.soname() + " is not loaded", Kind.UNSUPPORTED, status.explanation());
        }
    }

    private static void checkOf(String function, int code, Supplier<String> operands) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw Results.failure(function, code, operands.get());
        }
    }

    private static CUdevice handleOf(int device) {
        return NativeHandles.at(new CUdevice(), device);
    }

    private static CUdeviceptr onDevice(long address) {
        return NativeHandles.at(new CUdeviceptr(), address);
    }

    private static Pointer onHost(long address) {
        return NativeHandles.at(new Pointer(), address);
    }

    private static CUstream streamOf(long stream) {
        return NativeHandles.at(new CUstream(), stream);
    }

    private static CUevent eventOf(long event) {
        return NativeHandles.at(new CUevent(), event);
    }
}
