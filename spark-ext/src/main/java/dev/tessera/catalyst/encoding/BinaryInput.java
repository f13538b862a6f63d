package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** A binary column of little-endian values of a declared dtype in row-major order. */
record BinaryInput(TensorType type, DType stored, FlatSizes flatSizes) implements InputEncoding {
    @Override
    public DataType dataType() {
        return DataTypes.BinaryType;
    }

    @Override
    public OutputFormat format() {
        return OutputFormat.BINARY;
    }

    @Override
    public ColumnReader openReader() {
        return new Reader();
    }

    private final class Reader implements ColumnReader {
        private final ElementCopy copy = ElementCopy.ofBinary(stored, type.dtype());
        private @Nullable Object base;
        private long offset;
        private int count;

        @Override
        public void locate(SpecializedGetters row, int ordinal, long[] sizes) {
            int sizeInBytes;
            if (row instanceof UnsafeRow unsafe) {
                long offsetAndSize = unsafe.getLong(ordinal);
                base = unsafe.getBaseObject();
                offset = unsafe.getBaseOffset() + (offsetAndSize >> 32);
                sizeInBytes = (int) offsetAndSize;
            } else {
                byte[] bytes = row.getBinary(ordinal);
                base = bytes;
                offset = Platform.BYTE_ARRAY_OFFSET;
                sizeInBytes = bytes.length;
            }
            if (sizeInBytes % stored.widthInBytes() != 0) {
                throw new BadValueException(
                        "%d bytes, no whole number of %s values".formatted(sizeInBytes, stored), type.toString());
            }
            count = sizeInBytes / stored.widthInBytes();
            flatSizes.resolve(count, "binary", sizes);
        }

        @Override
        public void copyTo(HostMemory target, int position) {
            if (LittleEndian.IS_NATIVE || stored.widthInBytes() == 1) {
                copy.copy(base, offset, count, target, position);
            } else {
                byte[] reversed = LittleEndian.reversed(base, offset, count, stored.widthInBytes());
                copy.copy(reversed, Platform.BYTE_ARRAY_OFFSET, count, target, position);
            }
        }
    }
}
