package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** A tensor output written as binary: its elements in row-major order, little-endian. */
record BinaryOutput(DType dtype) implements OutputEncoding {
    private static final boolean IS_NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    @Override
    public DataType dataType() {
        return DataTypes.BinaryType;
    }

    @Override
    public ColumnWriter openWriter(HostTensor batch) {
        long[] sizes = ImageWriter.rowSizes(batch);
        HostTensor littleEndian = IS_NATIVE ? batch : reversed(batch);
        RowImage image = RowImage.ofBytes(sizes, dtype.widthInBytes());
        return new ImageWriter(littleEndian, dtype, image, bytes -> Arrays.copyOf(bytes, image.sizeInBytes()));
    }

    /** A copy whose bytes are little-endian on a big-endian machine. */
    private HostTensor reversed(HostTensor batch) {
        return HostTensor.contiguous(dtype, batch.sizes(), ByteBuffer.wrap(batch.toLittleEndianBytes()));
    }
}
