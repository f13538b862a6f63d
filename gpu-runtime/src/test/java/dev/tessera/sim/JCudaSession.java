package dev.tessera.sim;

import static jcuda.driver.JCudaDriver.cuCtxSetCurrent;
import static jcuda.driver.JCudaDriver.cuCtxSynchronize;
import static jcuda.driver.JCudaDriver.cuDeviceGet;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRelease;
import static jcuda.driver.JCudaDriver.cuDevicePrimaryCtxRetain;
import static jcuda.driver.JCudaDriver.cuInit;
import static jcuda.driver.JCudaDriver.cuLaunchKernel;
import static jcuda.driver.JCudaDriver.cuMemAlloc;
import static jcuda.driver.JCudaDriver.cuMemFree;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoH;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuModuleGetFunction;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuModuleUnload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** The real JCuda over the simulated device, without any of our own code between: what a test needs and no more. */
final class JCudaSession implements AutoCloseable {
    private final CUdevice device = new CUdevice();
    private final Deque<CUdeviceptr> allocations = new ArrayDeque<>();
    private final CUmodule module = new CUmodule();

    private JCudaSession() {
        extractNatives();
        JCudaDriver.setExceptionsEnabled(false);
        check(cuInit(0));
        check(cuDeviceGet(device, 0));
        CUcontext context = new CUcontext();
        check(cuDevicePrimaryCtxRetain(context, device));
        check(cuCtxSetCurrent(context));
    }

    /** Opens device 0 and loads a golden PTX of the test resources. */
    JCudaSession(String resource) {
        this();
        check(cuModuleLoadData(module, resource(resource)));
    }

    /** Opens device 0 and loads PTX text. */
    static JCudaSession ofPtx(String ptx) {
        JCudaSession session = new JCudaSession();
        int code = cuModuleLoadData(session.module, ptx + "\0");
        if (code != CUresult.CUDA_SUCCESS) {
            cuDevicePrimaryCtxRelease(session.device);
            check(code);
        }
        return session;
    }

    /** Opens device 0 with no module. */
    static JCudaSession withoutModule() {
        return new JCudaSession();
    }

    static String resource(String name) {
        try (InputStream bytes = JCudaSession.class.getResourceAsStream("/sim/" + name)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8) + "\0";
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static void check(int code) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw new IllegalStateException(CUresult.stringFor(code));
        }
    }

    CUfunction function(String name) {
        CUfunction function = new CUfunction();
        check(cuModuleGetFunction(function, module, name));
        return function;
    }

    CUdeviceptr allocate(long sizeInBytes) {
        CUdeviceptr pointer = new CUdeviceptr();
        check(cuMemAlloc(pointer, sizeInBytes));
        allocations.push(pointer);
        return pointer;
    }

    void free(CUdeviceptr pointer) {
        allocations.remove(pointer);
        check(cuMemFree(pointer));
    }

    CUdeviceptr upload(float... values) {
        return upload(Pointer.to(values), values.length * 4L);
    }

    CUdeviceptr upload(double... values) {
        return upload(Pointer.to(values), values.length * 8L);
    }

    CUdeviceptr upload(int... values) {
        return upload(Pointer.to(values), values.length * 4L);
    }

    CUdeviceptr upload(long... values) {
        return upload(Pointer.to(values), values.length * 8L);
    }

    CUdeviceptr upload(byte... values) {
        return upload(Pointer.to(values), values.length);
    }

    CUdeviceptr upload(short... values) {
        return upload(Pointer.to(values), values.length * 2L);
    }

    private CUdeviceptr upload(Pointer values, long sizeInBytes) {
        CUdeviceptr pointer = allocate(sizeInBytes);
        check(cuMemcpyHtoD(pointer, values, sizeInBytes));
        return pointer;
    }

    float[] floats(CUdeviceptr from, int count) {
        float[] values = new float[count];
        check(cuMemcpyDtoH(Pointer.to(values), from, count * 4L));
        return values;
    }

    double[] doubles(CUdeviceptr from, int count) {
        double[] values = new double[count];
        check(cuMemcpyDtoH(Pointer.to(values), from, count * 8L));
        return values;
    }

    int[] ints(CUdeviceptr from, int count) {
        int[] values = new int[count];
        check(cuMemcpyDtoH(Pointer.to(values), from, count * 4L));
        return values;
    }

    long[] longs(CUdeviceptr from, int count) {
        long[] values = new long[count];
        check(cuMemcpyDtoH(Pointer.to(values), from, count * 8L));
        return values;
    }

    byte[] bytes(CUdeviceptr from, int count) {
        byte[] values = new byte[count];
        check(cuMemcpyDtoH(Pointer.to(values), from, count));
        return values;
    }

    short[] shorts(CUdeviceptr from, int count) {
        short[] values = new short[count];
        check(cuMemcpyDtoH(Pointer.to(values), from, count * 2L));
        return values;
    }

    /** Arguments are device pointers, integers, longs, floats, doubles and byte arrays, in the kernel's order. */
    void launch(String kernel, int blocks, int threads, Object... arguments) {
        check(launchIn(null, kernel, blocks, threads, 0, arguments));
    }

    /** In a stream, or the default one if null, with dynamic shared memory. Returns the code of the launch itself. */
    int launchIn(CUstream stream, String kernel, int blocks, int threads, int sharedBytes, Object... arguments) {
        NativePointerObject[] pointers =
                Arrays.stream(arguments).map(JCudaSession::argument).toArray(NativePointerObject[]::new);
        return cuLaunchKernel(
                function(kernel), blocks, 1, 1, threads, 1, 1, sharedBytes, stream, Pointer.to(pointers), null);
    }

    private static Pointer argument(Object value) {
        if (value instanceof CUdeviceptr pointer) {
            return Pointer.to(pointer);
        } else if (value instanceof Integer number) {
            return Pointer.to(new int[] {number});
        } else if (value instanceof Long number) {
            return Pointer.to(new long[] {number});
        } else if (value instanceof Float number) {
            return Pointer.to(new float[] {number});
        } else if (value instanceof Double number) {
            return Pointer.to(new double[] {number});
        }
        return Pointer.to((byte[]) value);
    }

    /** Runs all that is enqueued. */
    int synchronize() {
        return cuCtxSynchronize();
    }

    /** What is still allocated is freed; after an error that stays, the release of the context does it. */
    @Override
    public void close() {
        allocations.forEach(JCudaDriver::cuMemFree);
        cuModuleUnload(module);
        cuDevicePrimaryCtxRelease(device);
    }

    /** JCuda's own loader extracts its libraries in place, which is not safe while another process looks. */
    private static void extractNatives() {
        for (String name : new String[] {"JCudaDriver", "JCublas2", "JCublas", "JCudaRuntime", "JNvrtc"}) {
            String file = "lib" + name + "-12.6.0-linux-x86_64.so";
            Path target = Path.of(System.getProperty("java.io.tmpdir"), file);
            try (InputStream bytes = JCudaDriver.class.getResourceAsStream("/lib/" + file)) {
                if (bytes != null && !Files.exists(target)) {
                    Path partial = Files.createTempFile(file, ".part");
                    Files.copy(bytes, partial, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException cause) {
                throw new UncheckedIOException(cause);
            }
        }
    }
}
