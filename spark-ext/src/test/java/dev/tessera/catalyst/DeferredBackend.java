package dev.tessera.catalyst;

import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that sums each row of its one float32 input, and reads a batch as late as it may: when it is awaited. So
 * memory that is used again too early gives wrong sums; memory that is given back is filled with NaN. Counts what is open.
 */
final class DeferredBackend {
    final AtomicInteger openTasks = new AtomicInteger();
    final AtomicInteger openBuffers = new AtomicInteger();
    final AtomicInteger pendingBatches = new AtomicInteger();
    final AtomicInteger mostPending = new AtomicInteger();
    final AtomicInteger awaitedBatches = new AtomicInteger();
    private final int pipelineDepth;
    private final int failingSubmit;
    private final int failingAwait;

    /** Fails at the batch of these numbers, counted from 0; never if they are negative. */
    DeferredBackend(int pipelineDepth, int failingSubmit, int failingAwait) {
        this.pipelineDepth = pipelineDepth;
        this.failingSubmit = failingSubmit;
        this.failingAwait = failingAwait;
    }

    BackendTask openTask() {
        openTasks.incrementAndGet();
        return new Task();
    }

    private final class Task implements BackendTask {
        private int submitted;

        @Override
        public HostBuffer allocateHost(long sizeInBytes) {
            openBuffers.incrementAndGet();
            return new Buffer(ByteBuffer.allocateDirect((int) sizeInBytes).order(ByteOrder.nativeOrder()));
        }

        @Override
        public int pipelineDepth() {
            return pipelineDepth;
        }

        @Override
        public PendingBatch submit(Batch batch) {
            int number = submitted++;
            if (number == failingSubmit) {
                throw new IllegalStateException("batch %d does not start".formatted(number));
            }
            int pending = pendingBatches.incrementAndGet();
            mostPending.accumulateAndGet(pending, Math::max);
            return new Pending(batch, number);
        }

        @Override
        public Receipt receipt() {
            return new Receipt(
                    submitted == 0 ? Map.of() : Map.of("deferred", (long) submitted),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0);
        }

        @Override
        public long nativeBytes() {
            return 0;
        }

        @Override
        public void close() {
            openTasks.decrementAndGet();
        }
    }

    private final class Pending implements PendingBatch {
        private final Batch batch;
        private final int number;
        private final ByteBuffer sums;
        private boolean isAwaited;
        private boolean isClosed;

        Pending(Batch batch, int number) {
            this.batch = batch;
            this.number = number;
            this.sums =
                    ByteBuffer.allocateDirect(batch.rowCount() * Float.BYTES).order(ByteOrder.nativeOrder());
        }

        @Override
        public BatchResult await() {
            if (number == failingAwait) {
                throw new IllegalStateException("batch %d is lost".formatted(number));
            }
            HostTensor x = batch.inputs().get(0);
            for (int row = 0; row < batch.rowCount(); row++) {
                float sum = 0;
                for (float value : x.row(row).toFloatArray()) {
                    sum += value;
                }
                sums.putFloat(row * Float.BYTES, sum);
            }
            done();
            awaitedBatches.incrementAndGet();
            return new BatchResult(
                    List.of(HostTensor.contiguous(DType.FLOAT32, new long[] {batch.rowCount()}, sums)), List.of());
        }

        private void done() {
            if (!isAwaited) {
                isAwaited = true;
                pendingBatches.decrementAndGet();
            }
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                done();
                poison(sums);
            }
        }
    }

    private final class Buffer implements HostBuffer {
        private final ByteBuffer bytes;
        private boolean isClosed;

        Buffer(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public ByteBuffer bytes() {
            return bytes;
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                openBuffers.decrementAndGet();
                poison(bytes);
            }
        }
    }

    private static void poison(ByteBuffer floats) {
        for (int at = 0; at < floats.capacity(); at += Float.BYTES) {
            floats.putFloat(at, Float.NaN);
        }
    }
}
