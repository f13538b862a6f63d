package dev.tessera.catalyst;

import dev.tessera.plugin.RuntimeHolder;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** What an executor runs for one partition of the operator. */
final class MapTask extends AbstractFunction2<Object, Iterator<InternalRow>, Iterator<InternalRow>>
        implements Serializable {
    private static final long serialVersionUID = 1;

    private final MapLayout layout;
    private final MapMetrics metrics;
    private final int maxRows;
    private final long maxBytes;

    MapTask(MapLayout layout, MapMetrics metrics, int maxRows, long maxBytes) {
        this.layout = layout;
        this.metrics = metrics;
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
    }

    MapLayout layout() {
        return layout;
    }

    MapMetrics metrics() {
        return metrics;
    }

    int maxRows() {
        return maxRows;
    }

    /** The most bytes that a batch takes; one row may take more. */
    long maxBytes() {
        return maxBytes;
    }

    @Override
    public Iterator<InternalRow> apply(Object partition, Iterator<InternalRow> rows) {
        return MapIterator.open(this, (Integer) partition, rows, RuntimeHolder::openTask);
    }
}
