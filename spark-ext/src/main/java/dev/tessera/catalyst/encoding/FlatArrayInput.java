package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** An {@code array<T>} of primitives read as a tensor in row-major order. */
record FlatArrayInput(TensorType type, DataType dataType, PrimitiveColumn element, FlatSizes flatSizes)
        implements InputEncoding {
    @Override
    public OutputFormat format() {
        return type.rank() > 1 ? OutputFormat.FLAT : OutputFormat.NESTED;
    }

    @Override
    public ColumnReader openReader() {
        return new Reader();
    }

    private final class Reader implements ColumnReader {
        private final UnsafeArrayData view = new UnsafeArrayData();
        private final ElementCopy copy = ElementCopy.ofArray(element, type.dtype());
        private @Nullable ArrayData located;
        private int count;

        @Override
        public void locate(SpecializedGetters row, int ordinal, long[] sizes) {
            ArrayData array = RowViews.arrayAt(row, ordinal, view);
            located = array;
            count = array.numElements();
            flatSizes.resolve(count, "an array", sizes);
            if (RowViews.hasNull(array)) {
                throw new BadValueException("an array of %d with a null in it".formatted(count), type.toString());
            }
        }

        @Override
        public void copyTo(HostMemory target, int position) {
            if (located == null) {
                throw new IllegalStateException("No value was located");
            }
            copy.copy(located, count, target, position);
        }
    }
}
