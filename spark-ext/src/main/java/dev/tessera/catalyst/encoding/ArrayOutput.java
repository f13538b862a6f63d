package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.Platform;

/** A tensor output written as arrays nested {@code depth} deep; with depth 1, as one array in row-major order. */
record ArrayOutput(DType dtype, int depth) implements OutputEncoding {
    @Override
    public DataType dataType() {
        DataType type = PrimitiveColumn.dataTypeOf(dtype);
        for (int level = 0; level < depth; level++) {
            type = DataTypes.createArrayType(type, false);
        }
        return type;
    }

    @Override
    public ColumnWriter openWriter(HostTensor batch) {
        long[] sizes = ImageWriter.rowSizes(batch);
        if (depth == 1) {
            long count = 1;
            for (long size : sizes) {
                count = Math.multiplyExact(count, size);
            }
            sizes = new long[] {count};
        }
        RowImage image = RowImage.ofArrays(sizes, dtype.widthInBytes());
        return new ImageWriter(batch, dtype, image, ArrayOutput::array);
    }

    private static UnsafeArrayData array(byte[] bytes) {
        UnsafeArrayData array = new UnsafeArrayData();
        array.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length);
        return array;
    }
}
