package dev.tessera.sim;

import static dev.tessera.sim.JCudaSession.check;
import static jcuda.driver.CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
import static jcuda.driver.CUresult.CUDA_ERROR_NOT_READY;
import static jcuda.driver.CUresult.CUDA_SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work in streams runs when it must and no earlier, so that a missing synchronisation gives wrong numbers. */
@ExtendWith(SimulatedCuda.class)
class StreamsTest {
    private static final int NON_BLOCKING = 1;
    private static final float POISON = Float.intBitsToFloat(0xFBFBFBFB);

    @Test
    void nothingRunsBeforeSomebodyWaits(SimulatedDevice device) {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx");
                Pinned pinned = new Pinned(4)) {
            CUstream stream = stream();
            CUdeviceptr a = cuda.allocate(4);
            check(cuda.launchIn(stream, "fill", 1, 32, 0, a, 5f, 1));
            check(JCudaDriver.cuMemcpyDtoHAsync(pinned.pointer, a, 4, stream));
            assertThat(pinned.first()).isEqualTo(POISON);
            assertThat(device.counter("instructions")).isZero();
            check(JCudaDriver.cuStreamSynchronize(stream));
            assertThat(pinned.first()).isEqualTo(5);
            check(JCudaDriver.cuStreamDestroy(stream));
        }
        assertThat(device.leakReports()).isEmpty();
    }

    @Test
    void pinnedMemoryIsReadWhenTheCopyRuns() {
        try (JCudaSession cuda = JCudaSession.withoutModule();
                Pinned pinned = new Pinned(4)) {
            CUstream stream = stream();
            CUdeviceptr a = cuda.allocate(4);
            pinned.set(5);
            check(JCudaDriver.cuMemcpyHtoDAsync(a, pinned.pointer, 4, stream));
            pinned.set(99);
            check(JCudaDriver.cuStreamSynchronize(stream));
            assertThat(cuda.floats(a, 1)).containsExactly(99);
            check(JCudaDriver.cuStreamDestroy(stream));
        }
    }

    @Test
    void pinnedMemoryThatIsFreedTooEarlyIsFound(SimulatedDevice device) {
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            CUdeviceptr a = cuda.allocate(4);
            CUstream stream = stream();
            Pinned pinned = new Pinned(4);
            check(JCudaDriver.cuMemcpyHtoDAsync(a, pinned.pointer, 4, stream));
            pinned.close();
            assertThat(JCudaDriver.cuStreamSynchronize(stream)).isEqualTo(CUDA_ERROR_ILLEGAL_ADDRESS);
            assertThat(device.faults()).contains("pinned host memory", "were freed before their copy ran");
        }
    }

    @Test
    void heapArraysInAsynchronousCopiesAreCounted(SimulatedDevice device) {
        try (JCudaSession cuda = JCudaSession.withoutModule()) {
            CUstream stream = stream();
            CUdeviceptr a = cuda.allocate(4);
            float[] values = {5};
            check(JCudaDriver.cuMemcpyHtoDAsync(a, Pointer.to(values), 4, stream));
            values[0] = 99;
            check(JCudaDriver.cuStreamSynchronize(stream));
            assertThat(cuda.floats(a, 1)).containsExactly(5);
            assertThat(device.counter("pageableAsyncCopies")).isEqualTo(1);
            check(JCudaDriver.cuStreamDestroy(stream));
        }
    }

    @Test
    void aMissingWaitBetweenStreamsGivesAWrongNumber() {
        assertThat(produceAndConsume(true)).isEqualTo(12);
        assertThat(produceAndConsume(false)).isNotEqualTo(12);
    }

    /** One stream fills, another adds what it finds to itself, and only that one is waited for. */
    private static float produceAndConsume(boolean waits) {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUstream producer = stream();
            CUstream consumer = stream();
            CUevent filled = new CUevent();
            check(JCudaDriver.cuEventCreate(filled, 0));
            CUdeviceptr a = cuda.upload(0f);
            CUdeviceptr sum = cuda.allocate(4);
            check(cuda.launchIn(producer, "fill", 1, 32, 0, a, 6f, 1));
            check(JCudaDriver.cuEventRecord(filled, producer));
            if (waits) {
                check(JCudaDriver.cuStreamWaitEvent(consumer, filled, 0));
            }
            check(cuda.launchIn(consumer, "add", 1, 32, 0, a, a, sum, 1));
            check(JCudaDriver.cuStreamSynchronize(consumer));
            float result = cuda.floats(sum, 1)[0];
            check(JCudaDriver.cuEventDestroy(filled));
            check(JCudaDriver.cuStreamDestroy(producer));
            check(JCudaDriver.cuStreamDestroy(consumer));
            return result;
        }
    }

    @Test
    void theDefaultStreamComesAfterBlockingStreamsOnly() {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUstream blocking = new CUstream();
            check(JCudaDriver.cuStreamCreate(blocking, 0));
            CUstream free = stream();
            CUdeviceptr a = cuda.upload(0f);
            CUdeviceptr b = cuda.upload(0f);
            check(cuda.launchIn(blocking, "fill", 1, 32, 0, a, 6f, 1));
            check(cuda.launchIn(free, "fill", 1, 32, 0, b, 6f, 1));
            assertThat(cuda.floats(a, 1)).containsExactly(6);
            assertThat(cuda.floats(b, 1))
                    .as("no wait for a stream that is not blocking")
                    .containsExactly(0);
            check(JCudaDriver.cuStreamDestroy(blocking));
            check(JCudaDriver.cuStreamDestroy(free));
        }
    }

    @Test
    void eventsMeasureWorkAndPollingGetsOn() {
        try (JCudaSession cuda = new JCudaSession("elementwise.ptx")) {
            CUstream stream = stream();
            CUevent start = new CUevent();
            CUevent end = new CUevent();
            check(JCudaDriver.cuEventCreate(start, 0));
            check(JCudaDriver.cuEventCreate(end, 0));
            CUdeviceptr a = cuda.allocate(4096);
            check(JCudaDriver.cuEventRecord(start, stream));
            check(cuda.launchIn(stream, "fill", 4, 256, 0, a, 6f, 1024));
            check(JCudaDriver.cuEventRecord(end, stream));
            float[] milliseconds = new float[1];
            assertThat(JCudaDriver.cuEventElapsedTime(milliseconds, start, end)).isEqualTo(CUDA_ERROR_NOT_READY);
            int polls = 0;
            while (JCudaDriver.cuEventQuery(end) == CUDA_ERROR_NOT_READY) {
                polls++;
            }
            assertThat(polls).isEqualTo(3);
            check(JCudaDriver.cuEventElapsedTime(milliseconds, start, end));
            assertThat(milliseconds[0]).isPositive();
            check(JCudaDriver.cuEventDestroy(start));
            check(JCudaDriver.cuEventDestroy(end));
            check(JCudaDriver.cuStreamDestroy(stream));
        }
    }

    @Test
    void seedsGiveOtherLegalInterleavings(SimulatedDevice device) {
        Set<Float> seen = new HashSet<>();
        for (int seed = 1; seed <= 12; seed++) {
            device.setSeed(seed);
            seen.add(produceAndConsume(false));
            assertThat(produceAndConsume(true)).isEqualTo(12);
        }
        assertThat(seen).as("with the wait missing, either order is legal").containsExactlyInAnyOrder(0f, 12f);
    }

    private static CUstream stream() {
        CUstream stream = new CUstream();
        check(JCudaDriver.cuStreamCreate(stream, NON_BLOCKING));
        return stream;
    }

    /** Page-locked host memory of one float or more. */
    private static final class Pinned implements AutoCloseable {
        private final Pointer pointer = new Pointer();
        private final ByteBuffer bytes;

        Pinned(int sizeInBytes) {
            check(JCudaDriver.cuMemAllocHost(pointer, sizeInBytes));
            bytes = pointer.getByteBuffer(0, sizeInBytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        float first() {
            return bytes.getFloat(0);
        }

        void set(float value) {
            bytes.putFloat(0, value);
        }

        @Override
        public void close() {
            assertThat(JCudaDriver.cuMemFreeHost(pointer)).isEqualTo(CUDA_SUCCESS);
        }
    }
}
