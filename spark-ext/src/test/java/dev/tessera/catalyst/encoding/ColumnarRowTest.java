package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.api.Test;

/** Rows as Spark's vectorised Parquet reader hands them out. */
class ColumnarRowTest {
    private static final int ROW = 1;

    /** The second row of a batch of two; the first holds nothing. */
    private static InternalRow row(WritableColumnVector value) {
        WritableColumnVector before = new OnHeapColumnVector(2, DataTypes.LongType);
        return new ColumnarBatch(new ColumnVector[] {before, value}, 2).getRow(ROW);
    }

    private static void assertRead(DataType type, WritableColumnVector vector, HostTensor expected) {
        InputEncoding encoding = ColumnEncodings.input(new ColumnSource("x", type, null), expected.type(), false);
        assertThat(Reading.read(encoding, row(vector))).isEqualTo(Reading.of(expected, expected.type()));
    }

    @Test
    void flatArraysAreRead() {
        DataType type = DataType.fromDDL("array<float>");
        WritableColumnVector vector = new OnHeapColumnVector(2, type);
        vector.arrayData().appendFloats(4, new float[] {9, 1, 2, Float.NaN}, 0);
        vector.putArray(ROW, 1, 3);
        assertRead(type, vector, HostTensor.of(new float[] {1, 2, Float.NaN}));
    }

    @Test
    void nestedArraysAreRead() {
        DataType type = DataType.fromDDL("array<array<bigint>>");
        WritableColumnVector vector = new OnHeapColumnVector(2, type);
        WritableColumnVector inner = vector.arrayData();
        inner.arrayData().appendLongs(6, new long[] {1, 2, 3, 4, 5, 6}, 0);
        inner.reserve(3);
        inner.putArray(0, 0, 2);
        inner.putArray(1, 2, 2);
        inner.putArray(2, 4, 2);
        vector.putArray(ROW, 1, 2);
        assertRead(type, vector, HostTensor.of(new long[] {3, 4, 5, 6}, 2, 2));
    }

    @Test
    void mllibVectorsAreRead() {
        VectorUDT type = new VectorUDT();
        WritableColumnVector vector = new OnHeapColumnVector(2, type.sqlType());
        vector.getChild(0).putByte(ROW, MllibType.SPARSE);
        vector.getChild(1).putInt(ROW, 4);
        WritableColumnVector indices = vector.getChild(2);
        indices.arrayData().appendInts(2, new int[] {1, 3}, 0);
        indices.putArray(ROW, 0, 2);
        WritableColumnVector values = vector.getChild(3);
        values.arrayData().appendDoubles(2, new double[] {-1.5, 8}, 0);
        values.putArray(ROW, 0, 2);
        assertRead(type, vector, HostTensor.of(new double[] {0, -1.5, 0, 8}));
    }

    @Test
    void binaryIsRead() {
        WritableColumnVector vector = new OnHeapColumnVector(2, DataTypes.BinaryType);
        byte[] bytes = "abc".getBytes(StandardCharsets.US_ASCII);
        vector.putByteArray(ROW, bytes);
        ColumnSource source =
                new ColumnSource("x", DataTypes.BinaryType, new ColumnDeclaration(DType.UINT8, List.of(3L)));
        HostTensor expected = HostTensor.of(new int[] {'a', 'b', 'c'});
        InputEncoding encoding = ColumnEncodings.input(source, expected.type(), false);
        assertThat(Reading.read(encoding, row(vector))).isEqualTo(Reading.of(expected, expected.type()));
    }
}
