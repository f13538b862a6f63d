package dev.tessera.catalyst.encoding;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** Looks into a field of a row; for an unsafe row through a view that is used again, without an allocation. */
final class RowViews {
    /** The null bits of an unsafe array, in whole 8-byte words, follow its element count. */
    private static final int NULL_BITS_OFFSET = 8;

    private RowViews() {}

    /** The array of a field that is not null; {@code view}, moved there, if the row is unsafe. */
    static ArrayData arrayAt(SpecializedGetters row, int ordinal, UnsafeArrayData view) {
        if (row instanceof UnsafeRow unsafe) {
            long offsetAndSize = unsafe.getLong(ordinal);
            view.pointTo(unsafe.getBaseObject(), unsafe.getBaseOffset() + (offsetAndSize >> 32), (int) offsetAndSize);
            return view;
        }
        return row.getArray(ordinal);
    }

    /** The struct of a field that is not null; {@code view}, moved there, if the row is unsafe. */
    static InternalRow structAt(SpecializedGetters row, int ordinal, UnsafeRow view) {
        if (row instanceof UnsafeRow unsafe) {
            long offsetAndSize = unsafe.getLong(ordinal);
            view.pointTo(unsafe.getBaseObject(), unsafe.getBaseOffset() + (offsetAndSize >> 32), (int) offsetAndSize);
            return view;
        }
        return row.getStruct(ordinal, view.numFields());
    }

    /** Whether an element is null: by whole words of the null bits where there are any. */
    static boolean hasNull(ArrayData array) {
        int count = array.numElements();
        if (array instanceof UnsafeArrayData unsafe) {
            return hasNull(unsafe.getBaseObject(), unsafe.getBaseOffset(), count);
        }
        for (int i = 0; i < count; i++) {
            if (array.isNullAt(i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an element of the unsafe array of {@code count} elements at an address is null. */
    static boolean hasNull(@Nullable Object base, long offset, int count) {
        int words = (int) ((count + 63L) >>> 6);
        for (int word = 0; word < words; word++) {
            if (Platform.getLong(base, offset + NULL_BITS_OFFSET + 8L * word) != 0) {
                return true;
            }
        }
        return false;
    }
}
