package dev.tessera.catalyst;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * A batch of rows: gathered, submitted, awaited, read, cleared, and gathered again. Used by one thread; closed by who made
 * it, whatever state it is in.
 */
final class RowBatch implements AutoCloseable {
    private final PassingRows passing;
    private final CallRows[] calls;
    private int rowCount;

    RowBatch(MapTask task, List<CallTask> callTasks) {
        this.passing =
                new PassingRows(task.layout().passOrdinals(), task.layout().passIsFixed());
        this.calls = callTasks.stream()
                .map(call -> new CallRows(call, task.maxRows()))
                .toArray(CallRows[]::new);
    }

    int rowCount() {
        return rowCount;
    }

    /** The columns that pass through. */
    PassingRows passing() {
        return passing;
    }

    CallRows call(int index) {
        return calls[index];
    }

    /** The bytes that the rows take, with what it takes to evaluate them. */
    long bytes() {
        long bytes = passing.usedBytes();
        for (CallRows call : calls) {
            bytes += call.bytes();
        }
        return bytes;
    }

    /** Whether the backend has no room for a further row in a batch. */
    boolean isFull() {
        for (CallRows call : calls) {
            if (call.isFull()) {
                return true;
            }
        }
        return false;
    }

    /** Says which row of the partition the first of this batch is. */
    void startAt(long row) {
        for (CallRows call : calls) {
            call.startAt(row);
        }
    }

    /** Adds a row, whose memory is not needed afterwards. */
    void add(UnsafeRow row) {
        for (CallRows call : calls) {
            call.add(row);
        }
        passing.add(row);
        rowCount++;
    }

    void submit() {
        for (CallRows call : calls) {
            call.submit();
        }
    }

    void await() {
        for (CallRows call : calls) {
            call.await();
        }
    }

    /** Forgets the rows; keeps memory for the next ones, of columns that pass through at most {@code maxPassingBytes}. */
    void clear(long maxPassingBytes) {
        for (CallRows call : calls) {
            call.clear();
        }
        passing.clear(maxPassingBytes);
        rowCount = 0;
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        for (CallRows call : calls) {
            closing.add(call::close);
        }
        closing.finish();
    }
}
