package dev.tessera.sim;

import static dev.tessera.sim.JCudaSession.check;
import static jcuda.driver.CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE;
import static jcuda.driver.CUresult.CUDA_ERROR_ECC_UNCORRECTABLE;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_CONTEXT;
import static jcuda.driver.CUresult.CUDA_ERROR_OUT_OF_MEMORY;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The switches of the simulated device, each seen to do what it says. */
@ExtendWith(SimulatedCuda.class)
class FaultInjectionTest {
    @Test
    void theNthCallOfAFunctionFailsAndTheOthersDoNot(SimulatedDevice device) {
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            device.failCall("cuMemAlloc", 2, CUDA_ERROR_OUT_OF_MEMORY);
            cuda.allocate(4);
            assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(CUDA_ERROR_OUT_OF_MEMORY);
            cuda.allocate(4);
            device.failCallsFrom("cuMemAlloc", 2, CUDA_ERROR_OUT_OF_MEMORY);
            cuda.allocate(4);
            assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(CUDA_ERROR_OUT_OF_MEMORY);
            assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(CUDA_ERROR_OUT_OF_MEMORY);
            assertThat(device.counter("injectedFaults")).isEqualTo(3);
        }
    }

    @Test
    void aTinyDeviceRunsOutOfMemoryAndSaysHowMuchIsFree(SimulatedDevice device) {
        device.setMemory(8 << 20);
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            CUdeviceptr half = cuda.allocate(4 << 20);
            long[] free = new long[1];
            long[] total = new long[1];
            check(JCudaDriver.cuMemGetInfo(free, total));
            assertThat(free[0]).isEqualTo(4 << 20);
            assertThat(total[0]).isEqualTo(8 << 20);
            assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), (4 << 20) + 1)).isEqualTo(CUDA_ERROR_OUT_OF_MEMORY);
            cuda.free(half);
            cuda.allocate(8 << 20);
            assertThat(device.counter("peak.bytes")).isEqualTo(8 << 20);
        }
    }

    @Test
    void anErrorAtTheNthOperationStaysUntilTheContextIsReleased(SimulatedDevice device) {
        device.failOperation(2, CUDA_ERROR_ECC_UNCORRECTABLE);
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUdeviceptr a = cuda.upload(1f);
            cuda.launch("fill", 1, 32, a, 2f, 1);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_ECC_UNCORRECTABLE);
            assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4)).isEqualTo(CUDA_ERROR_ECC_UNCORRECTABLE);
        }
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            assertThat(cuda.floats(cuda.upload(1f), 1)).containsExactly(1);
        }
    }

    @Test
    void aLostDeviceStaysLost(SimulatedDevice device) {
        device.loseDevice(1);
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            cuda.launch("fill", 1, 32, cuda.allocate(4), 2f, 1);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_DEVICE_UNAVAILABLE);
        }
        assertThatThrownBy(JCudaSession::withoutModule).hasMessage("CUDA_ERROR_DEVICE_UNAVAILABLE");
        device.reset();
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
        }
    }

    @Test
    void noiseMovesApproximateResultsByAFewUlpsAndRepeats(SimulatedDevice device) {
        float[] exact = exponentials();
        device.setNoise(2);
        device.setSeed(1);
        float[] noisy = exponentials();
        assertThat(exponentials()).isEqualTo(noisy);
        assertThat(noisy).isNotEqualTo(exact);
        for (int i = 0; i < exact.length; i++) {
            assertThat(Math.abs(noisy[i] - exact[i])).isLessThanOrEqualTo(2 * Math.ulp(exact[i]));
        }
        device.setSeed(2);
        assertThat(exponentials()).isNotEqualTo(noisy);
    }

    private static float[] exponentials() {
        float[] x = new float[500];
        for (int i = 0; i < x.length; i++) {
            x[i] = i / 100f;
        }
        String ptx = JCudaSession.resource("opcode.template.ptx")
                .replace("\0", "")
                .replace("@INSTRUCTIONS@", "ex2.approx.f32 %fd, %fa; mov.b32 %d, %fd; cvt.u64.u32 %D, %d;");
        try (JCudaSession cuda = JCudaSession.ofPtx(ptx)) {
            long[] bits = new long[x.length];
            for (int i = 0; i < x.length; i++) {
                bits[i] = Float.floatToRawIntBits(x[i]);
            }
            CUdeviceptr a = cuda.upload(bits);
            CUdeviceptr out = cuda.allocate(8L * x.length);
            cuda.launch("run", 4, 128, a, a, a, out, x.length);
            long[] result = cuda.longs(out, x.length);
            for (int i = 0; i < x.length; i++) {
                x[i] = Float.intBitsToFloat((int) result[i]);
            }
            return x;
        }
    }

    @Test
    void severalDevicesHaveMemoryAndErrorsOfTheirOwn(SimulatedDevice device) {
        device.setDeviceCount(2);
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            int[] count = new int[1];
            check(JCudaDriver.cuDeviceGetCount(count));
            assertThat(count[0]).isEqualTo(2);
            CUdeviceptr ofFirst = cuda.upload(1f);
            CUdevice second = new CUdevice();
            CUcontext context = new CUcontext();
            check(JCudaDriver.cuDeviceGet(second, 1));
            check(JCudaDriver.cuDevicePrimaryCtxRetain(context, second));
            check(JCudaDriver.cuCtxPushCurrent(context));
            CUdeviceptr ofSecond = new CUdeviceptr();
            check(JCudaDriver.cuMemAlloc(ofSecond, 4));
            assertThat(JCudaDriver.cuMemFree(ofFirst))
                    .as("memory of another device")
                    .isNotEqualTo(CUDA_SUCCESS);
            check(JCudaDriver.cuMemFree(ofSecond));
            check(JCudaDriver.cuCtxPopCurrent(new CUcontext()));
            check(JCudaDriver.cuDevicePrimaryCtxRelease(second));
            assertThat(cuda.floats(ofFirst, 1)).containsExactly(1);
        }
    }

    @Test
    void aThreadWithoutAContextIsRefused() {
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            int code = CompletableFuture.supplyAsync(() -> JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4))
                    .join();
            assertThat(code).isEqualTo(CUDA_ERROR_INVALID_CONTEXT);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
        }
    }
}
