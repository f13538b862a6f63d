package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** A primitive column read as a scalar. */
record ScalarInput(TensorType type, DataType dataType, PrimitiveColumn column) implements InputEncoding {
    @Override
    public OutputFormat format() {
        return OutputFormat.LIKE_INPUT;
    }

    @Override
    public ColumnReader openReader() {
        return new Reader();
    }

    private final class Reader implements ColumnReader {
        private @Nullable SpecializedGetters row;
        private int ordinal;

        @Override
        public void locate(SpecializedGetters row, int ordinal, long[] sizes) {
            this.row = row;
            this.ordinal = ordinal;
        }

        @Override
        public void copyTo(HostMemory target, int position) {
            if (row == null) {
                throw new IllegalStateException("No value was located");
            }
            Elements.copyOne(row, ordinal, column, type.dtype(), target.bytes(), position);
        }
    }
}
