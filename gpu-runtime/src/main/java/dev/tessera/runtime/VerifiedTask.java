package dev.tessera.runtime;

import dev.tessera.tensor.DimBinding;
import org.jspecify.annotations.Nullable;

/** A task of a backend that meets no sizes its plan was not verified with, and says why it is not on a GPU. */
final class VerifiedTask implements BackendTask {
    private final VerifiedPlans.Entry plan;
    private final BackendTask task;
    private final @Nullable String fallbackReason;
    private @Nullable DimBinding lastDims;

    VerifiedTask(VerifiedPlans.Entry plan, BackendTask task, @Nullable String fallbackReason) {
        this.plan = plan;
        this.task = task;
        this.fallbackReason = fallbackReason;
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
        if (!batch.dims().equals(lastDims)) {
            plan.requireRunnable(batch.dims());
            lastDims = batch.dims();
        }
        return task.submit(batch);
    }

    @Override
    public Receipt receipt() {
        Receipt receipt = task.receipt();
        return fallbackReason == null ? receipt : receipt.chosenBecause(fallbackReason);
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
