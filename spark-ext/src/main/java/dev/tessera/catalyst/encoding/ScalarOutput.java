package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.sql.types.DataType;

/** A scalar output, written as a primitive column. */
record ScalarOutput(DType dtype) implements OutputEncoding {
    @Override
    public DataType dataType() {
        return PrimitiveColumn.dataTypeOf(dtype);
    }

    @Override
    public ColumnWriter openWriter(HostTensor batch) {
        return new Writer(dtype, batch);
    }

    private static final class Writer implements ColumnWriter {
        private final DType dtype;
        private final ByteBuffer bytes;
        private final long offset;
        private final long stride;

        Writer(DType dtype, HostTensor batch) {
            this.dtype = dtype;
            this.bytes = batch.storage();
            this.offset = batch.offsetInBytes();
            this.stride = batch.leadingStrideInBytes();
        }

        private int positionOf(int row) {
            return (int) (offset + row * stride);
        }

        @Override
        public void write(int row, UnsafeRowWriter target, int ordinal) {
            int at = positionOf(row);
            switch (dtype) {
                case BOOL -> target.write(ordinal, bytes.get(at) != 0);
                case INT32 -> target.write(ordinal, bytes.getInt(at));
                case INT64 -> target.write(ordinal, bytes.getLong(at));
                case FLOAT32 -> target.write(ordinal, bytes.getFloat(at));
                case FLOAT64 -> target.write(ordinal, bytes.getDouble(at));
                case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw storageOnly();
            }
        }

        @Override
        public Object value(int row) {
            int at = positionOf(row);
            return switch (dtype) {
                case BOOL -> bytes.get(at) != 0;
                case INT32 -> bytes.getInt(at);
                case INT64 -> bytes.getLong(at);
                case FLOAT32 -> bytes.getFloat(at);
                case FLOAT64 -> bytes.getDouble(at);
                case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw storageOnly();
            };
        }

        private IllegalStateException storageOnly() {
            return new IllegalStateException("An output of storage dtype " + dtype);
        }
    }
}
