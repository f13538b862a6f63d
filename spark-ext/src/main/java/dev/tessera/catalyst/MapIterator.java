package dev.tessera.catalyst;

import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/**
 * The operator's rows of one partition: takes a batch of the child's rows, or as many as the backend works on at once,
 * evaluates the calls, hands out the rows, takes the next. A row is valid until the next is asked for. Closed when it is exhausted or its task ends, however that ends.
 */
final class MapIterator extends AbstractIterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final MapLayout layout;
    private final @Nullable UnsafeProjection projection;
    private final RowBatcher batcher;
    private @Nullable UnsafeProjection toUnsafe;
    private int rowCount;
    private int next;

    private MapIterator(MapTask task, int partition, Iterator<InternalRow> rows, RowBatcher batcher) {
        this.rows = rows;
        this.batcher = batcher;
        this.layout = task.layout();
        if (layout.projection() == null) {
            this.projection = null;
        } else {
            this.projection = UnsafeProjection.create(
                    ScalaInterop.seq(layout.projection()), ScalaInterop.seq(layout.rowAttributes()));
            projection.initialize(partition);
        }
    }

    static MapIterator open(MapTask task, int partition, Iterator<InternalRow> rows, CallTask.TaskOpener opener) {
        TaskContext context = TaskContext.get();
        RowBatcher batcher = new RowBatcher(task, context.taskMemoryManager());
        context.addTaskCompletionListener((TaskCompletionListener) ended -> batcher.close());
        batcher.open(opener);
        return new MapIterator(task, partition, rows, batcher);
    }

    @Override
    public boolean hasNext() {
        return next < rowCount || fill();
    }

    /** Goes on to the next batch, after it has started as many more as there is use for. */
    private boolean fill() {
        batcher.release();
        next = 0;
        rowCount = 0;
        while (batcher.wantsRows() && rows.hasNext()) {
            gather();
        }
        if (!batcher.hasPending()) {
            batcher.close();
            return false;
        }
        rowCount = batcher.await();
        return true;
    }

    private void gather() {
        // A child that never asks would keep a killed task alive.
        TaskContext.get().killTaskIfInterrupted();
        do {
            InternalRow row = rows.next();
            batcher.add(row instanceof UnsafeRow unsafe ? unsafe : unsafe(row));
        } while (!batcher.isFull() && rows.hasNext());
        batcher.submit();
    }

    private UnsafeRow unsafe(InternalRow row) {
        UnsafeProjection conversion = toUnsafe;
        if (conversion == null) {
            conversion = UnsafeProjection.create(layout.inputTypes().toArray(new DataType[0]));
            toUnsafe = conversion;
        }
        return conversion.apply(row);
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The partition has no more rows");
        }
        UnsafeRow row = batcher.row(next++);
        return projection == null ? row : projection.apply(row);
    }
}
