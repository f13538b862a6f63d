package dev.tessera.plugin;

import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.tensor.DimBinding;

/** A task of a backend that adds what it ran to the counters of this JVM when it is closed. */
final class CountedTask implements BackendTask {
    private final BackendTask task;
    private final ExecutorCounters counters;
    private boolean isClosed;

    CountedTask(BackendTask task, ExecutorCounters counters) {
        this.task = task;
        this.counters = counters;
    }

    @Override
    public HostBuffer allocateHost(long sizeInBytes) {
        return task.allocateHost(sizeInBytes);
    }

    @Override
    public int pipelineDepth() {
        return task.pipelineDepth();
    }

    @Override
    public int maxRows(DimBinding dims) {
        return task.maxRows(dims);
    }

    @Override
    public PendingBatch submit(Batch batch) {
        return task.submit(batch);
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
        if (!isClosed) {
            isClosed = true;
            counters.add(task.receipt());
        }
        task.close();
    }
}
