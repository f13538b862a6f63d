package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.Platform;

/** A tensor output written as one {@code array<T>} in row-major order. */
record FlatArrayOutput(DType dtype) implements OutputEncoding {
    @Override
    public DataType dataType() {
        return DataTypes.createArrayType(PrimitiveColumn.dataTypeOf(dtype), false);
    }

    @Override
    public ColumnWriter openWriter(HostTensor batch) {
        return new Writer(batch);
    }

    private static final class Writer implements ColumnWriter {
        private final HostMemory memory;
        private final long offset;
        private final long stride;
        private final int count;
        private final int headerInBytes;
        private final int valuesInBytes;
        private final int sizeInBytes;

        Writer(HostTensor batch) {
            this.memory = HostMemory.of(batch.storage());
            this.offset = batch.offsetInBytes();
            this.stride = batch.leadingStrideInBytes();
            long elements = 1;
            for (int axis = 1; axis < batch.rank(); axis++) {
                elements = Math.multiplyExact(elements, batch.size(axis));
            }
            this.count = Math.toIntExact(elements);
            this.headerInBytes = UnsafeArrayData.calculateHeaderPortionInBytes(count);
            this.valuesInBytes = Math.toIntExact(elements * batch.dtype().widthInBytes());
            // Spark keeps the fields of a row aligned to 8 bytes.
            this.sizeInBytes = Math.addExact(headerInBytes, Math.addExact(valuesInBytes, 7) & ~7);
        }

        @Override
        public void write(int row, UnsafeRowWriter target, int ordinal) {
            target.grow(sizeInBytes);
            int start = target.cursor();
            writeImage(row, target.getBuffer(), start);
            target.increaseCursor(sizeInBytes);
            target.setOffsetAndSizeFromPreviousCursor(ordinal, start);
        }

        @Override
        public Object value(int row) {
            byte[] image = new byte[sizeInBytes];
            writeImage(row, image, Platform.BYTE_ARRAY_OFFSET);
            UnsafeArrayData array = new UnsafeArrayData();
            array.pointTo(image, Platform.BYTE_ARRAY_OFFSET, sizeInBytes);
            return array;
        }

        private void writeImage(int row, byte[] target, long at) {
            Platform.putLong(target, at, count);
            for (int word = NullBits.ARRAY_OFFSET; word < headerInBytes; word += 8) {
                Platform.putLong(target, at + word, 0);
            }
            if (sizeInBytes > headerInBytes) {
                Platform.putLong(target, at + sizeInBytes - 8, 0);
            }
            memory.copyTo((int) (offset + row * stride), target, at + headerInBytes, valuesInBytes);
        }
    }
}
