package dev.tessera.cpu;

import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.PendingBatch;

/** A batch that is done: its result, and what gives its memory back to the task. */
final class FinishedBatch implements PendingBatch {
    private final BatchResult result;
    private final Runnable release;
    private boolean isClosed;

    FinishedBatch(BatchResult result, Runnable release) {
        this.result = result;
        this.release = release;
    }

    @Override
    public BatchResult await() {
        if (isClosed) {
            throw new IllegalStateException("Cannot await a batch: it is closed");
        }
        return result;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            release.run();
        }
    }
}
