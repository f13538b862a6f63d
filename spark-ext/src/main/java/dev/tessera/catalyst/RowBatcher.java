package dev.tessera.catalyst;

import dev.tessera.runtime.Receipt;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.spark.memory.TaskMemoryManager;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.jspecify.annotations.Nullable;

/**
 * Batches of rows, one after another: gathered until rows or bytes are enough, or Spark grants no more memory, then
 * submitted, as many as the backend has use for, then read row by row in the order they were gathered. Used by one thread;
 * closed by who opened it, which frees all its memory.
 */
final class RowBatcher implements AutoCloseable {
    private final MapTask task;
    private final BatchMemory memory;
    private final List<CallTask> calls = new ArrayList<>();
    private final List<RowBatch> batches = new ArrayList<>();
    private final Deque<RowBatch> free = new ArrayDeque<>();
    private final Deque<RowBatch> inFlight = new ArrayDeque<>();
    private final CopyClock copies = new CopyClock(System::nanoTime);
    private @Nullable ResultRows results;
    private @Nullable RowBatch gathering;
    private @Nullable RowBatch current;
    private int depth = 1;
    private long rowsBefore;
    private long heldBytes;
    private boolean isFull;
    private boolean isShortOfMemory;
    private boolean isClosed;

    RowBatcher(MapTask task, TaskMemoryManager manager) {
        this.task = task;
        this.memory = new BatchMemory(manager);
    }

    /** Opens the backend of each call. */
    void open(CallTask.TaskOpener opener) {
        MapLayout layout = task.layout();
        for (int i = 0; i < layout.calls().size(); i++) {
            calls.add(new CallTask(layout.calls().get(i), layout.callOrdinals(i), "row", opener));
        }
        depth = Math.max(
                1, calls.stream().mapToInt(CallTask::pipelineDepth).min().orElse(1));
        results = new ResultRows(layout, calls);
    }

    /** Whether a further batch is to be gathered before one is awaited. */
    boolean wantsRows() {
        return !isClosed && (inFlight.isEmpty() || (inFlight.size() < depth && !isShortOfMemory));
    }

    boolean isFull() {
        return isFull;
    }

    /** Adds a row to the batch that is gathered, whose memory is not needed afterwards. */
    void add(UnsafeRow row) {
        RowBatch batch = gathering();
        int position = batch.rowCount();
        long start = copies.start(position);
        batch.add(row);
        copies.stop(position, start);
        long bytes = batch.bytes();
        int rowCount = position + 1;
        isFull = rowCount == task.maxRows() || bytes + bytes / rowCount > task.maxBytes() || batch.isFull();
        if (!memory.require(heldBytes + bytes)) {
            isFull = true;
            isShortOfMemory = true;
        }
    }

    private RowBatch gathering() {
        RowBatch batch = gathering;
        if (batch == null) {
            batch = free.poll();
            if (batch == null) {
                batch = new RowBatch(task, calls);
                batches.add(batch);
            }
            batch.startAt(rowsBefore);
            gathering = batch;
        }
        return batch;
    }

    /** Starts the rows that were added. */
    void submit() {
        RowBatch batch = gathering();
        gathering = null;
        isFull = false;
        rowsBefore += batch.rowCount();
        heldBytes += batch.bytes();
        // First, so that it is known to be pending if a part of it fails to start.
        inFlight.add(batch);
        batch.submit();
    }

    boolean hasPending() {
        return !inFlight.isEmpty();
    }

    /** Waits for the batch that was started first, and gives the number of its rows. */
    int await() {
        RowBatch batch = inFlight.remove();
        current = batch;
        batch.await();
        return batch.rowCount();
    }

    /** A row of the batch last awaited, valid until the next is asked for. */
    UnsafeRow row(int row) {
        long start = copies.start(row);
        RowBatch batch = current;
        if (batch == null || results == null) {
            throw new IllegalStateException("A row is asked for, and its task has ended");
        }
        UnsafeRow result = results.row(batch, row);
        copies.stop(row, start);
        return result;
    }

    /** Forgets the batch last awaited, its rows handed out or not. */
    void release() {
        RowBatch batch = current;
        if (batch != null) {
            current = null;
            task.metrics().rows().add(batch.rowCount());
            heldBytes -= batch.bytes();
            batch.clear(task.maxBytes());
            free.push(batch);
        }
    }

    /** Reports what ran and frees all memory, that of batches in flight too. Idempotent. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        current = null;
        Closing closing = new Closing();
        batches.forEach(batch -> closing.add(batch::close));
        inFlight.clear();
        // Rows are copied once for all calls.
        long copyNanos = copies.nanos();
        for (int i = 0; i < calls.size(); i++) {
            CallTask call = calls.get(i);
            long nanos = i == 0 ? copyNanos : 0;
            closing.add(() -> report(call, nanos));
            closing.add(call::close);
        }
        closing.add(memory::close);
        closing.finish();
    }

    private void report(CallTask call, long copyNanos) {
        Receipt receipt = call.receipt().copiedFor(copyNanos);
        task.metrics().add(receipt, call.badRowCount());
        Receipts.add(call.function(), receipt, receipt.batchCount(), call.badRowCount());
    }
}
