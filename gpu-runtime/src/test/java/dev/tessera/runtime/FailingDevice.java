package dev.tessera.runtime;

import dev.tessera.cpu.CpuBackendProvider;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A device made of the CPU that has room for so many rows, and fails in other ways when it is told to. */
final class FailingDevice implements Backend {
    private final Backend cpu = new CpuBackendProvider()
            .open(new RuntimeOptions(1, Map.of("spark.tessera.cpu.vectorApi.enabled", "false")));
    private final AtomicInteger pendingBatches = new AtomicInteger();
    private int roomForRows = Integer.MAX_VALUE;
    private int lostAtSubmit = Integer.MAX_VALUE;
    private int lostAtAwait = Integer.MAX_VALUE;
    private boolean supportsPlans = true;
    private int openedTasks;
    private int submits;
    private int awaits;

    FailingDevice withRoomFor(int rows) {
        roomForRows = rows;
        return this;
    }

    FailingDevice lostAtSubmit(int nth) {
        lostAtSubmit = nth;
        return this;
    }

    FailingDevice lostAtAwait(int nth) {
        lostAtAwait = nth;
        return this;
    }

    FailingDevice withoutSupport() {
        supportsPlans = false;
        return this;
    }

    /** Tasks that were opened so far. */
    int openedTasks() {
        return openedTasks;
    }

    /** Batches that were submitted and not closed. */
    int pendingBatches() {
        return pendingBatches.get();
    }

    @Override
    public String device() {
        return "failing device";
    }

    @Override
    public BackendTask openTask(TaskSpec spec) {
        if (!supportsPlans) {
            throw new DeviceFailureException(DeviceFailureException.Kind.UNSUPPORTED, "no NVRTC");
        }
        openedTasks++;
        return new Task(cpu.openTask(spec));
    }

    @Override
    public long nativeBytes() {
        return cpu.nativeBytes();
    }

    @Override
    public void close() {
        cpu.close();
    }

    private final class Task implements BackendTask {
        private final BackendTask task;

        Task(BackendTask task) {
            this.task = task;
        }

        @Override
        public HostBuffer allocateHost(long sizeInBytes) {
            return task.allocateHost(sizeInBytes);
        }

        @Override
        public int pipelineDepth() {
            return 2;
        }

        @Override
        public PendingBatch submit(Batch batch) {
            if (submits++ >= lostAtSubmit) {
                throw lost();
            }
            if (batch.rowCount() > roomForRows) {
                throw new DeviceFailureException(DeviceFailureException.Kind.OUT_OF_MEMORY, "no room");
            }
            pendingBatches.incrementAndGet();
            return new Pending(task.submit(batch));
        }

        @Override
        public Receipt receipt() {
            return task.receipt();
        }

        @Override
        public long nativeBytes() {
            return task.nativeBytes();
        }

        @Override
        public void close() {
            task.close();
        }
    }

    private static DeviceFailureException lost() {
        return new DeviceFailureException(DeviceFailureException.Kind.LOST, "error 719");
    }

    private final class Pending implements PendingBatch {
        private @Nullable PendingBatch pending;

        Pending(PendingBatch pending) {
            this.pending = pending;
        }

        @Override
        public BatchResult await() {
            if (awaits++ >= lostAtAwait || pending == null) {
                throw lost();
            }
            return pending.await();
        }

        @Override
        public void close() {
            if (pending != null) {
                pending.close();
                pending = null;
                pendingBatches.decrementAndGet();
            }
        }
    }
}
