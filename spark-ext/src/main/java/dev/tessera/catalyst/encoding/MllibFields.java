package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;

/** The fields of MLlib's vectors and matrices, checked: a column may have been written by anyone. */
final class MllibFields {
    private MllibFields() {}

    /** The array in a field, without nulls. */
    static ArrayData arrayAt(InternalRow struct, int ordinal, UnsafeArrayData view, TensorType expected) {
        if (struct.isNullAt(ordinal)) {
            throw new BadValueException("a value without its field " + ordinal, expected.toString());
        }
        ArrayData array = RowViews.arrayAt(struct, ordinal, view);
        if (RowViews.hasNull(array)) {
            throw new BadValueException("a value with a null in its field " + ordinal, expected.toString());
        }
        return array;
    }

    /** Checks that there is an index below {@code bound} for each stored value. */
    static void checkIndices(ArrayData indices, int valueCount, int bound, TensorType expected) {
        if (indices.numElements() != valueCount) {
            throw new BadValueException(
                    "a sparse value with %d indices and %d values".formatted(indices.numElements(), valueCount),
                    expected.toString());
        }
        for (int i = 0; i < valueCount; i++) {
            int index = indices.getInt(i);
            if (index < 0 || index >= bound) {
                throw new BadValueException(
                        "a sparse value with index %d of %d".formatted(index, bound), expected.toString());
            }
        }
    }
}
