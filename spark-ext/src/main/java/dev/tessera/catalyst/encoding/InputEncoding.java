package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.types.DataType;

/** How one input of a plan is read from a column. Immutable; made alike on the driver and on executors. */
public interface InputEncoding {
    /** The plan's type of the input: the dtype that readers produce and, where known, the sizes they check. */
    TensorType type();

    /** The Spark type of the column. */
    DataType dataType();

    /** The format that an output takes when it comes back the way this input was. */
    OutputFormat format();

    /** Opens a reader for one task. */
    ColumnReader openReader();
}
