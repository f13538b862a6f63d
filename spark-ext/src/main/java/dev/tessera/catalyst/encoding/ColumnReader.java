package dev.tessera.catalyst.encoding;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Reads one column's values, one at a time, into batches. Used by one thread. */
public interface ColumnReader {
    /**
     * Finds the value of a row, which is not null, checks it, and stores its sizes, one for each axis.
     *
     * @throws BadValueException if the value is no tensor of this column's type: a null inside, a wrong length, ragged
     */
    void locate(SpecializedGetters row, int ordinal, long[] sizes);

    /** Copies the value last located, contiguous and in native byte order, to a position of {@code target}. */
    void copyTo(HostMemory target, int position);
}
