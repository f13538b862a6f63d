package dev.tessera.runtime;

import dev.tessera.tensor.DimBinding;

/**
 * One task's use of a backend for one plan. Used by one thread; closed by who opened it, after which all its memory is
 * free, whatever state its batches were in.
 */
public interface BackendTask extends AutoCloseable {
    /** Memory to gather a batch's inputs in; on a GPU backend, pinned. */
    HostBuffer allocateHost(long sizeInBytes);

    /** How many batches may usefully be pending at once: 1 where {@link #submit} completes the work. */
    int pipelineDepth();

    /**
     * How many rows of these sizes a batch may usefully have, at least 1: as many as leave room for
     * {@link #pipelineDepth} batches in the device's memory. A hint; a batch with more is run in parts.
     */
    default int maxRows(DimBinding dims) {
        return Integer.MAX_VALUE;
    }

    /**
     * Starts a batch.
     *
     * @throws IllegalArgumentException if the batch does not fit the plan: a size that breaks an equality, a tensor of
     *     another shape, a reduction of nothing that has no value
     */
    PendingBatch submit(Batch batch);

    /** What this task has run so far. */
    Receipt receipt();

    /** Native bytes that this task holds now. */
    long nativeBytes();

    @Override
    void close();
}
