package dev.tessera.sim;

import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_PTX;
import static jcuda.driver.CUresult.CUDA_ERROR_INVALID_VALUE;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_FAILED;
import static jcuda.driver.CUresult.CUDA_ERROR_LAUNCH_TIMEOUT;
import static jcuda.driver.CUresult.CUDA_ERROR_MISALIGNED_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU;
import static jcuda.driver.CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every check of the simulated device has a kernel or a sequence of calls here that trips it. */
@ExtendWith(SimulatedCuda.class)
class DeviceChecksTest {
    private static final Pattern LINE = Pattern.compile("PTX line (\\d+) \\(([a-z0-9.]+)\\)");

    @Test
    void aReadPastTheEndNamesKernelLineBlockAndThread(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            CUdeviceptr a = cuda.upload(new float[1000]);
            CUdeviceptr out = cuda.allocate(4000);
            cuda.launch("readsPastTheEnd", 4, 256, a, out, 1000);
            assertThat(device.faults()).as("nothing runs before it must").isEmpty();
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
            assertThat(device.faults())
                    .contains("read of 4 bytes", "0 bytes past the end of an allocation of 4000 bytes")
                    .contains("in kernel readsPastTheEnd", "block (3,0,0) thread (232,0,0)");
            Matcher line = LINE.matcher(device.faults());
            assertThat(line.find()).isTrue();
            String[] ptx = JCudaSession.resource("faulty.ptx").split("\n");
            assertThat(ptx[Integer.parseInt(line.group(1)) - 1]).contains(line.group(2));
            assertThat(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 4))
                    .as("the error stays")
                    .isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
        }
    }

    @Test
    void aWriteBeforeTheStartIsFound(SimulatedDevice device) {
        expect(device, "writesBeforeTheStart", CUDA_ERROR_ILLEGAL_ADDRESS, "write of 4 bytes");
    }

    @Test
    void aNullPointerIsFound(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            cuda.launch("nullPointer", 1, 1, 0L);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
            assertThat(device.faults()).contains("write of 4 bytes at 0x0");
        }
    }

    @Test
    void misalignedAccessesAreFound(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            cuda.launch("misaligned", 1, 32, cuda.upload(new float[64]), cuda.allocate(128));
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_MISALIGNED_ADDRESS);
        }
        device.reset();
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            cuda.launch("misalignedVector", 1, 32, cuda.upload(new float[64]), cuda.allocate(128));
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_MISALIGNED_ADDRESS);
            assertThat(device.faults()).contains("misaligned read of 16 bytes");
        }
    }

    @Test
    void aMissingBarrierIsFound(SimulatedDevice device) {
        // The first warp to run reads what the other has yet to write.
        expectOfTwo(device, "missingBarrier", "uninitialised shared memory");
    }

    @Test
    void aMissingBarrierBeforeReuseIsARace(SimulatedDevice device) {
        expectOfTwo(device, "missingBarrierBeforeReuse", "races with a write by thread 31 with no barrier between");
    }

    @Test
    void aMissingBarrierOfAWarpIsARace(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            cuda.launch("missingWarpBarrier", 1, 32, cuda.upload(new float[32]), cuda.allocate(128));
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_LAUNCH_FAILED);
            assertThat(device.faults()).contains("races with a write by thread 31 with no barrier between");
        }
    }

    @Test
    void aMissingBarrierAfterAnAtomicIsARace(SimulatedDevice device) {
        expect(device, "missingBarrierAfterAtomic", CUDA_ERROR_LAUNCH_FAILED, "races with a write by an atomic");
    }

    @Test
    void uninitialisedSharedMemoryIsFound(SimulatedDevice device) {
        expect(device, "uninitialisedShared", CUDA_ERROR_LAUNCH_FAILED, "uninitialised shared memory at +252");
    }

    @Test
    void sharedMemoryHasBounds(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            JCudaSession.check(cuda.launchIn(null, "sharedOutOfBounds", 1, 64, 256, cuda.allocate(256), 1));
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
            assertThat(device.faults()).contains("shared +256 outside shared memory of 256 bytes");
        }
    }

    @Test
    void aDivergedBarrierIsFound(SimulatedDevice device) {
        expect(device, "divergedBarrier", CUDA_ERROR_LAUNCH_FAILED, "bar.sync waits for lanes that never come");
    }

    @Test
    void aBarrierThatSomeWarpsNeverReachIsADeadlock(SimulatedDevice device) {
        expect(device, "barrierOfSomeWarps", CUDA_ERROR_LAUNCH_FAILED, "deadlock: 2 of 2 warps wait");
    }

    @Test
    void aBarrierAfterAnExitIsAnErrorWhereAsked(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            CUdeviceptr out = cuda.allocate(256);
            cuda.launch("barrierAfterExit", 1, 64, out, 40);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
            device.setStrictBarriers(true);
            cuda.launch("barrierAfterExit", 1, 64, out, 40);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_LAUNCH_FAILED);
            assertThat(device.faults()).contains("barrier 0 reached by 40 of 64 threads (others exited)");
        }
    }

    @Test
    void aDivergedShuffleIsFound(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            cuda.launch("divergedShuffle", 1, 32, cuda.upload(new float[32]), cuda.allocate(128));
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_LAUNCH_FAILED);
            assertThat(device.faults()).contains("shfl.sync.bfly.b32 waits for lanes that never come");
        }
    }

    @Test
    void aTrapIsAnError(SimulatedDevice device) {
        expect(device, "traps", CUDA_ERROR_ILLEGAL_INSTRUCTION, "thread (3,0,0)");
    }

    @Test
    void anEndlessLoopTimesOut(SimulatedDevice device) {
        device.setInstructionBudget(1_000_000);
        try (JCudaSession cuda = new JCudaSession("control.ptx")) {
            cuda.launch("endless", 1, 32, cuda.upload(0));
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_LAUNCH_TIMEOUT);
        }
    }

    @Test
    void useAfterFreeIsFoundWhenTheKernelRuns(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUdeviceptr a = cuda.allocate(400);
            cuda.launch("fill", 1, 128, a, 1f, 100);
            cuda.free(a);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
            assertThat(device.faults()).contains("in an allocation of 400 bytes that was freed", "kernel fill");
        }
    }

    @Test
    void freeingTwiceAndCopyingOutOfBoundsAreRefused(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUdeviceptr a = cuda.allocate(400);
            assertThat(JCudaDriver.cuMemcpyHtoD(a, Pointer.to(new float[101]), 404))
                    .isEqualTo(CUDA_ERROR_INVALID_VALUE);
            assertThat(JCudaDriver.cuMemcpyDtoH(Pointer.to(new float[101]), a, 404))
                    .isEqualTo(CUDA_ERROR_INVALID_VALUE);
            assertThat(JCudaDriver.cuMemsetD32(a.withByteOffset(4), 0, 100)).isEqualTo(CUDA_ERROR_INVALID_VALUE);
            cuda.free(a);
            assertThat(JCudaDriver.cuMemFree(a)).isEqualTo(CUDA_ERROR_INVALID_VALUE);
            assertThat(device.faults()).contains("no live allocation: in an allocation of 400 bytes that was freed");
        }
    }

    @Test
    void freshMemoryIsPoisoned() {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            assertThat(cuda.ints(cuda.allocate(4096 * 5), 4096 * 5 / 4)).containsOnly(0xFBFBFBFB);
        }
    }

    @Test
    void leaksAreReportedWhenTheContextIsReleased(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            JCudaSession.check(JCudaDriver.cuMemAlloc(new CUdeviceptr(), 1234));
            JCudaSession.check(JCudaDriver.cuStreamCreate(new jcuda.driver.CUstream(), 0));
            assertThat(device.leaks()).contains("1 device allocations, 1234 bytes alive", "1 streams alive");
            assertThat(cuda.function("add")).isNotNull();
        }
        assertThat(device.leakReports()).contains("1 device allocations, 1234 bytes alive", "1 streams alive");
        assertThat(device.counter("leakReports")).isEqualTo(1);
    }

    @Test
    void whatTheInterpreterDoesNotKnowIsNeverAWrongNumber(SimulatedDevice device) {
        String template = JCudaSession.resource("opcode.template.ptx").replace("\0", "");
        long line = template.substring(0, template.indexOf("@INSTRUCTIONS@"))
                .lines()
                .count();
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            assertThat(loadCode(
                            template.replace("@INSTRUCTIONS@", "tex.1d.v4.f32.f32 {%fa,%fb,%fc,%fd}, [%A, {%fa}];")))
                    .isEqualTo(CUDA_ERROR_INVALID_PTX);
            assertThat(loadCode(template.replace("@INSTRUCTIONS@", "add.f16x2 %d, %a, %b;")))
                    .isEqualTo(CUDA_ERROR_INVALID_PTX);
            assertThat(device.faults())
                    .contains(
                            "unsupported PTX opcode tex.1d.v4.f32.f32 at line " + line,
                            "opcode add.f16x2 at line " + line);
            assertThat(loadCode(template.replace("@INSTRUCTIONS@", "add.rn.exotic.f32 %fd, %fa, %fb;")))
                    .isEqualTo(CUDA_ERROR_INVALID_PTX);
            assertThat(loadCode(template.replace("@INSTRUCTIONS@", "add.s32 %D, %a, %b;")))
                    .isEqualTo(CUDA_ERROR_INVALID_PTX);
            assertThat(loadCode(template.replace("@INSTRUCTIONS@", "").replace("sm_80", "sm_90")))
                    .isEqualTo(CUDA_ERROR_INVALID_PTX);
            assertThat(loadCode(template.replace("@INSTRUCTIONS@", "").replace("8.0", "9.1")))
                    .isEqualTo(CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
            assertThat(loadCode("\177ELF\2\1\1")).isEqualTo(CUDA_ERROR_NO_BINARY_FOR_GPU);
            assertThat(loadCode(template.replace("@INSTRUCTIONS@", ""))).isEqualTo(CUDA_SUCCESS);
            assertThat(cuda.synchronize()).isEqualTo(CUDA_SUCCESS);
        }
    }

    private static int loadCode(String image) {
        return JCudaDriver.cuModuleLoadData(new CUmodule(), image + "\0");
    }

    private static void expect(SimulatedDevice device, String kernel, int code, String message) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            cuda.launch(kernel, 1, 64, cuda.allocate(256));
            assertThat(cuda.synchronize()).isEqualTo(code);
            assertThat(device.faults()).contains(message, "kernel " + kernel);
        }
    }

    private static void expectOfTwo(SimulatedDevice device, String kernel, String message) {
        try (JCudaSession cuda = new JCudaSession("faulty.ptx")) {
            cuda.launch(kernel, 1, 64, cuda.upload(new float[64]), cuda.allocate(256));
            assertThat(cuda.synchronize()).isEqualTo(CUDA_ERROR_LAUNCH_FAILED);
            assertThat(device.faults()).contains(message, "kernel " + kernel);
        }
    }
}
