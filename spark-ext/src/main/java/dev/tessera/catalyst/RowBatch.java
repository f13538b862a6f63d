package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * A batch of rows: gathered, submitted, awaited, read, cleared, and gathered again. Used by one thread; closed by who made
 * it, whatever state it is in.
 */
final class RowBatch implements AutoCloseable {
    private final PassingRows passing;
    private final List<CallRows> calls = new ArrayList<>();
    private int rowCount;

    RowBatch(MapTask task, List<CallTask> callTasks) {
        this.passing =
                new PassingRows(task.layout().passOrdinals(), task.layout().passIsFixed());
        callTasks.forEach(call -> calls.add(new CallRows(call, task.maxRows())));
    }

    int rowCount() {
        return rowCount;
    }

    /** The columns that pass through. */
    PassingRows passing() {
        return passing;
    }

    CallRows call(int index) {
        return calls.get(index);
    }

    /** The bytes that the rows take, with what it takes to evaluate them. */
    long bytes() {
        long bytes = passing.usedBytes();
        for (CallRows call : calls) {
            bytes += call.bytes();
        }
        return bytes;
    }

    /** Says which row of the partition the first of this batch is. */
    void startAt(long row) {
        calls.forEach(call -> call.startAt(row));
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
        calls.forEach(CallRows::submit);
    }

    void await() {
        calls.forEach(CallRows::await);
    }

    /** Forgets the rows; keeps memory for the next ones, of columns that pass through at most {@code maxPassingBytes}. */
    void clear(long maxPassingBytes) {
        calls.forEach(CallRows::clear);
        passing.clear(maxPassingBytes);
        rowCount = 0;
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        calls.forEach(call -> closing.add(call::close));
        closing.finish();
    }
}
