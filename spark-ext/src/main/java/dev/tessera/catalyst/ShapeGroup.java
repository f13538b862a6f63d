package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.ColumnReader;
import dev.tessera.catalyst.encoding.ColumnWriter;
import dev.tessera.catalyst.encoding.HostMemory;
import dev.tessera.catalyst.encoding.InputEncoding;
import dev.tessera.catalyst.encoding.OutputEncoding;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch that have one shape: gathered column by column, then run. Used by one thread, batch after batch;
 * its memory belongs to it until it is closed.
 */
final class ShapeGroup implements AutoCloseable {
    private static final int FIRST_ROWS = 16;
    private static final ColumnWriter[] NO_WRITERS = {};

    private final BackendTask task;
    private final RowShape shape;
    private final Column[] columns;
    private final int maxRows;
    private int capacity;
    private int rowCount;
    private @Nullable PendingBatch pending;
    private ColumnWriter[] writers = NO_WRITERS;

    /** What the rows of a group have in common: the sizes of each column's value, and the bytes that a row takes to evaluate. */
    record RowShape(DimBinding dims, List<long[]> sizes, long peakBytesPerRow) {}

    /** One input's part of the group. */
    private static final class Column {
        final DType dtype;
        final long[] sizes;
        final int rowBytes;

        @Nullable
        HostBuffer buffer;

        @Nullable
        HostMemory memory;

        Column(DType dtype, long[] sizes) {
            this.dtype = dtype;
            this.sizes = sizes;
            this.rowBytes = (int) HostTensor.sizeInBytes(dtype, sizes);
        }
    }

    /** A group of at most {@code maxRows}, fewer if the backend says that so many do not fit its memory. */
    ShapeGroup(BackendTask task, RowShape shape, List<InputEncoding> inputs, int maxRows) {
        this.task = task;
        this.shape = shape;
        this.columns = new Column[inputs.size()];
        int widest = 1;
        for (int i = 0; i < columns.length; i++) {
            Column column =
                    new Column(inputs.get(i).type().dtype(), shape.sizes().get(i));
            columns[i] = column;
            widest = Math.max(widest, column.rowBytes);
        }
        long fitting = Math.min(task.maxRows(shape.dims()), HostTensor.MAX_SIZE_IN_BYTES / widest);
        this.maxRows = (int) Math.max(1, Math.min(maxRows, fitting));
    }

    /** Whether there is no room for a further row. */
    boolean isFull() {
        return rowCount == maxRows;
    }

    long peakBytesPerRow() {
        return shape.peakBytesPerRow();
    }

    int rowCount() {
        return rowCount;
    }

    boolean hasSizes(long[][] sizes) {
        for (int i = 0; i < columns.length; i++) {
            if (!Arrays.equals(columns[i].sizes, sizes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Appends the values last located by some readers, one for each column; gives their row's position in the group. */
    int append(ColumnReader[] readers) {
        if (rowCount == capacity) {
            grow();
        }
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            HostMemory memory = column.memory;
            if (memory != null) {
                readers[i].copyTo(memory, rowCount * column.rowBytes);
            }
        }
        return rowCount++;
    }

    private void grow() {
        int grown = (int) Math.min(maxRows, Math.max(Math.min(FIRST_ROWS, maxRows), 2L * capacity));
        for (Column column : columns) {
            HostBuffer larger = task.allocateHost((long) grown * column.rowBytes);
            HostMemory memory = HostMemory.of(larger.bytes());
            HostBuffer smaller = column.buffer;
            if (smaller != null) {
                memory.bytes().put(0, smaller.bytes(), 0, rowCount * column.rowBytes);
                smaller.close();
            }
            column.buffer = larger;
            column.memory = memory;
        }
        capacity = grown;
    }

    /** Starts the rows gathered so far. */
    void submit() {
        List<HostTensor> inputs = new ArrayList<>();
        for (Column column : columns) {
            HostBuffer buffer = column.buffer;
            if (buffer == null) {
                throw new IllegalStateException("A group without rows is submitted");
            }
            long[] batchSizes = new long[column.sizes.length + 1];
            batchSizes[0] = rowCount;
            System.arraycopy(column.sizes, 0, batchSizes, 1, column.sizes.length);
            // By the very object the backend knows its own memory, which it need not copy first.
            inputs.add(new HostTensor(column.dtype, batchSizes, buffer.bytes(), 0, column.rowBytes));
        }
        pending = task.submit(new Batch(rowCount, shape.dims(), inputs));
    }

    /** Waits for the rows that were started. */
    BatchResult await(List<OutputEncoding> outputs) {
        PendingBatch started = pending;
        if (started == null) {
            throw new IllegalStateException("A group is awaited that was not submitted");
        }
        BatchResult arrived = started.await();
        ColumnWriter[] opened = new ColumnWriter[outputs.size()];
        for (int i = 0; i < opened.length; i++) {
            opened[i] = outputs.get(i).openWriter(arrived.outputs().get(i));
        }
        writers = opened;
        return arrived;
    }

    /** The writers of the outputs, in order; after {@link #await}. */
    ColumnWriter[] writers() {
        return writers;
    }

    /** Forgets the rows; keeps the buffers. */
    void clear() {
        rowCount = 0;
        writers = NO_WRITERS;
        PendingBatch started = pending;
        pending = null;
        if (started != null) {
            started.close();
        }
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        closing.add(this::clear);
        for (Column column : columns) {
            HostBuffer buffer = column.buffer;
            column.buffer = null;
            column.memory = null;
            if (buffer != null) {
                closing.add(buffer::close);
            }
        }
        capacity = 0;
        closing.finish();
    }
}
