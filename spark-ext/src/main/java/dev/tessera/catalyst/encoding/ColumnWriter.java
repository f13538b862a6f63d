package dev.tessera.catalyst.encoding;

import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;

/** Writes the rows of one batch of one output. Used by one thread; reads the batch's memory, so dies before it. */
public interface ColumnWriter {
    /** Writes the value of {@code row} as the field {@code ordinal} of the row being written. */
    void write(int row, UnsafeRowWriter target, int ordinal);

    /** The value of {@code row} as Catalyst holds it, in memory of its own. */
    Object value(int row);
}
