package dev.tessera.catalyst;

import org.apache.spark.memory.MemoryConsumer;
import org.apache.spark.memory.MemoryMode;
import org.apache.spark.memory.TaskMemoryManager;

/**
 * Accounts for the memory of batches with Spark's task memory manager, in whole mebibytes. Cannot spill: when Spark
 * refuses, the batch is run at once and its memory used again.
 */
final class BatchMemory extends MemoryConsumer implements AutoCloseable {
    private static final long UNIT = 1L << 20;

    BatchMemory(TaskMemoryManager manager) {
        super(manager, manager.pageSizeBytes(), MemoryMode.ON_HEAP);
    }

    /** Accounts for {@code bytes} in all; false if Spark does not grant that much. */
    boolean require(long bytes) {
        long wanted = (bytes + UNIT - 1) / UNIT * UNIT;
        long held = getUsed();
        if (wanted <= held) {
            return true;
        }
        long granted = acquireMemory(wanted - held);
        return held + granted >= wanted;
    }

    @Override
    public long spill(long size, MemoryConsumer trigger) {
        return 0;
    }

    @Override
    public void close() {
        freeMemory(getUsed());
    }
}
