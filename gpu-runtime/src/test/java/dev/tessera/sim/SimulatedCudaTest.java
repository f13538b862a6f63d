package dev.tessera.sim;

import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SimulatedCuda.class)
class SimulatedCudaTest {
    @Test
    void aKernelOfNvrtcRunsUnderJcuda(SimulatedDevice device) {
        int n = 1000;
        float[] a = new float[n];
        float[] b = new float[n];
        float[] expected = new float[n];
        for (int i = 0; i < n; i++) {
            a[i] = i * 0.5f;
            b[i] = 3 - i;
            expected[i] = a[i] + b[i];
        }
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUdeviceptr c = cuda.allocate(4L * n);
            cuda.launch("add", 4, 256, cuda.upload(a), cuda.upload(b), c, n);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
            assertThat(cuda.floats(c, n)).containsExactly(expected);
            assertThat(device.counter("launch.add")).isEqualTo(1);
            assertThat(device.counter("h2d.bytes")).isEqualTo(8L * n);
            assertThat(device.counter("d2h.bytes")).isEqualTo(4L * n);
            assertThat(device.counter("live.allocations")).isEqualTo(3);
        }
        assertThat(device.leaks()).isEmpty();
        assertThat(device.leakReports()).isEmpty();
        assertThat(device.faults()).isEmpty();
    }

    @Test
    void theDeviceSaysThatItIsSimulated() {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUdevice device = new CUdevice();
            byte[] name = new byte[64];
            JCudaSession.check(JCudaDriver.cuDeviceGet(device, 0));
            JCudaSession.check(JCudaDriver.cuDeviceGetName(name, name.length, device));
            assertThat(new String(name, java.nio.charset.StandardCharsets.US_ASCII).trim())
                    .isEqualTo(SimulatedDevice.NAME);
            assertThat(cuda.function("add")).isNotNull();
        }
    }
}
