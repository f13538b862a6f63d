package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnWriter;
import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.runtime.Receipt;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.memory.TaskMemoryManager;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;

/**
 * Batches of rows, one after another: gathered until rows or bytes are enough, or Spark grants no more memory, then
 * evaluated, then written row by row. Used by one thread; closed by who opened it, which frees all its memory.
 */
final class RowBatcher implements AutoCloseable {
    private final MapTask task;
    private final PassingRows passing;
    private final BatchMemory memory;
    private final List<CallBatcher> calls = new ArrayList<>();
    private final int[] fields;
    private final UnsafeRowWriter writer;
    private final List<UnsafeRowWriter> structs = new ArrayList<>();
    private final CopyClock copies = new CopyClock(System::nanoTime);
    private int rowCount;
    private boolean isFull;
    private boolean isClosed;

    RowBatcher(MapTask task, TaskMemoryManager manager) {
        MapLayout layout = task.layout();
        this.task = task;
        this.passing = new PassingRows(layout.passOrdinals(), layout.passIsFixed());
        this.memory = new BatchMemory(manager);
        this.fields = layout.fields();
        this.writer = new UnsafeRowWriter(fields.length);
    }

    /** Opens the backend of each call. */
    void open() {
        MapLayout layout = task.layout();
        for (int i = 0; i < layout.calls().size(); i++) {
            CallBatcher call = new CallBatcher(
                    layout.calls().get(i), layout.callOrdinals(i), task.maxRows(), "row", RuntimeHolder::openTask);
            calls.add(call);
            structs.add(new UnsafeRowWriter(writer, call.types().outputs().size()));
        }
    }

    int rowCount() {
        return rowCount;
    }

    boolean isFull() {
        return isFull;
    }

    /** Adds a row, whose memory is not needed afterwards. */
    void add(UnsafeRow row) {
        long start = copies.start(rowCount);
        for (CallBatcher call : calls) {
            call.add(row);
        }
        passing.add(row);
        copies.stop(rowCount, start);
        rowCount++;
        long bytes = passing.usedBytes();
        for (CallBatcher call : calls) {
            bytes += call.bytes();
        }
        isFull = rowCount == task.maxRows() || bytes + bytes / rowCount > task.maxBytes() || !memory.require(bytes);
    }

    /** Evaluates the rows that were added. */
    void run() {
        calls.forEach(CallBatcher::run);
    }

    /** A row of the batch, valid until the next is asked for. */
    UnsafeRow row(int row) {
        long start = copies.start(row);
        writer.reset();
        writer.zeroOutNullBytes();
        for (int field = 0; field < fields.length; field++) {
            if (fields[field] >= 0) {
                passing.write(row, fields[field], writer, field);
            } else {
                writeResult(row, -1 - fields[field], field);
            }
        }
        copies.stop(row, start);
        return writer.getRow();
    }

    private void writeResult(int row, int index, int field) {
        CallBatcher call = calls.get(index);
        if (call.isNull(row)) {
            writer.setNullAt(field);
            return;
        }
        List<ColumnWriter> writers = call.writers(row);
        int position = call.position(row);
        if (!call.types().isStruct()) {
            writers.get(0).write(position, writer, field);
            return;
        }
        UnsafeRowWriter struct = structs.get(index);
        int start = writer.cursor();
        struct.resetRowWriter();
        for (int i = 0; i < writers.size(); i++) {
            writers.get(i).write(position, struct, i);
        }
        writer.setOffsetAndSizeFromPreviousCursor(field, start);
    }

    /** Forgets the rows, handed out or not. */
    void clear() {
        task.metrics().rows().add(rowCount);
        calls.forEach(CallBatcher::clear);
        passing.clear(task.maxBytes());
        rowCount = 0;
        isFull = false;
    }

    /** Reports what ran and frees all memory. Idempotent. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        RuntimeException failure = null;
        long copyNanos = copies.nanos();
        for (CallBatcher call : calls) {
            try {
                report(call, copyNanos);
                // Rows are copied once for all calls.
                copyNanos = 0;
            } catch (RuntimeException e) {
                failure = firstOf(failure, e);
            }
            try {
                call.close();
            } catch (RuntimeException e) {
                failure = firstOf(failure, e);
            }
        }
        memory.close();
        rowCount = 0;
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException firstOf(
            @org.jspecify.annotations.Nullable RuntimeException first, RuntimeException second) {
        if (first == null) {
            return second;
        }
        first.addSuppressed(second);
        return first;
    }

    private void report(CallBatcher call, long copyNanos) {
        Receipt receipt = call.receipt().copiedFor(copyNanos);
        task.metrics().add(receipt, call.badRowCount());
        Receipts.add(call.function(), receipt, receipt.batchCount(), call.badRowCount());
    }
}
