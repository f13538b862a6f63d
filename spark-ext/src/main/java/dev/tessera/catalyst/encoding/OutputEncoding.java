package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.HostTensor;
import org.apache.spark.sql.types.DataType;

/** How one output of a plan is written to a column. Immutable; made alike on the driver and on executors. */
public interface OutputEncoding {
    DataType dataType();

    /** Opens a writer of the rows of {@code batch}, a tensor [rows, ...] that outlives the writer. */
    ColumnWriter openWriter(HostTensor batch);
}
