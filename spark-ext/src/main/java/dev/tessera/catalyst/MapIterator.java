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
 * The operator's rows of one partition: takes a batch of the child's rows, evaluates the calls, hands out the rows, takes
 * the next. A row is valid until the next is asked for. Closed when it is exhausted or its task ends, however that ends.
 */
final class MapIterator extends AbstractIterator<InternalRow> {
    private final Iterator<InternalRow> rows;
    private final MapLayout layout;
    private final @Nullable UnsafeProjection projection;
    private final RowBatcher batcher;
    private @Nullable UnsafeProjection toUnsafe;
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

    static MapIterator open(MapTask task, int partition, Iterator<InternalRow> rows) {
        TaskContext context = TaskContext.get();
        RowBatcher batcher = new RowBatcher(task, context.taskMemoryManager());
        context.addTaskCompletionListener((TaskCompletionListener) ended -> batcher.close());
        batcher.open();
        return new MapIterator(task, partition, rows, batcher);
    }

    @Override
    public boolean hasNext() {
        while (next == batcher.rowCount()) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    private boolean fill() {
        batcher.clear();
        next = 0;
        if (!rows.hasNext()) {
            batcher.close();
            return false;
        }
        while (!batcher.isFull() && rows.hasNext()) {
            InternalRow row = rows.next();
            batcher.add(row instanceof UnsafeRow unsafe ? unsafe : unsafe(row));
        }
        batcher.run();
        return true;
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
