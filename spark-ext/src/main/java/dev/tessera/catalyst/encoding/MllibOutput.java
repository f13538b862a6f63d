package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;

/** A vector or matrix output written as MLlib's dense Vector or Matrix, of float64 whatever the output's dtype. */
record MllibOutput(MllibType mllibType, DataType dataType) implements OutputEncoding {
    @Override
    public ColumnWriter openWriter(HostTensor batch) {
        long[] sizes = ImageWriter.rowSizes(batch);
        RowImage image = switch (mllibType) {
            case VECTOR -> RowImage.ofVector(sizes[0]);
            case MATRIX -> RowImage.ofMatrix(sizes[0], sizes[1]);
        };
        return new ImageWriter(batch, DType.FLOAT64, image, this::struct);
    }

    private UnsafeRow struct(byte[] bytes) {
        UnsafeRow struct = new UnsafeRow(mllibType.fieldCount());
        struct.pointTo(bytes, bytes.length);
        return struct;
    }
}
