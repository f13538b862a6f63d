package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.List;
import org.apache.spark.ml.linalg.Matrices;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.MatrixUDT;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;

/** Against MLlib's own serialization. */
class MllibEncodingTest {
    private static final VectorUDT VECTOR = new VectorUDT();
    private static final MatrixUDT MATRIX = new MatrixUDT();
    private static final org.apache.spark.mllib.linalg.VectorUDT OLD_VECTOR =
            new org.apache.spark.mllib.linalg.VectorUDT();

    private static InputEncoding input(DataType type, TensorType wanted) {
        return ColumnEncodings.input(new ColumnSource("v", type, null), wanted, true);
    }

    private static void assertRead(DataType type, InternalRow serialized, HostTensor expected, TensorType wanted) {
        InputEncoding encoding = input(type, wanted);
        assertThat(Reading.read(encoding, CatalystValues.genericRow(serialized)))
                .isEqualTo(Reading.of(expected, wanted));
        assertThat(Reading.read(encoding, CatalystValues.unsafeRow(type, serialized)))
                .isEqualTo(Reading.of(expected, wanted));
    }

    @Test
    void vectorsAreReadDenseAndSparse() {
        double[] values = {0, 1.5, 0, -2, Double.NaN};
        Vector dense = Vectors.dense(values);
        Vector sparse = Vectors.sparse(5, new int[] {1, 3, 4}, new double[] {1.5, -2, Double.NaN});
        TensorType open = new TensorType(DType.FLOAT64, Shape.of(Dim.named("n")));
        for (Vector vector : List.of(dense, sparse)) {
            HostTensor expected = HostTensor.of(values);
            assertRead(VECTOR, VECTOR.serialize(vector), expected, expected.type());
            assertRead(VECTOR, VECTOR.serialize(vector), expected, open);
            HostTensor floats = HostTensor.of(new float[] {0, 1.5f, 0, -2, Float.NaN});
            assertRead(VECTOR, VECTOR.serialize(vector), floats, floats.type());
            InternalRow old = OLD_VECTOR.serialize(org.apache.spark.mllib.linalg.Vectors.fromML(vector));
            assertRead(OLD_VECTOR, old, expected, open);
        }
        HostTensor empty = HostTensor.of(new double[0]);
        assertRead(VECTOR, VECTOR.serialize(Vectors.dense(new double[0])), empty, empty.type());
        assertRead(VECTOR, VECTOR.serialize(Vectors.sparse(0, new int[0], new double[0])), empty, open);
    }

    @Test
    void aVectorOfADeclaredShapeIsReadInRowMajorOrder() {
        HostTensor expected = HostTensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        TensorType open = new TensorType(DType.FLOAT64, Shape.of(Dim.named("n"), Dim.named("m")));
        ColumnSource source = new ColumnSource("v", VECTOR, ColumnDeclaration.parse("float64[2, 3]"));
        InternalRow row = CatalystValues.genericRow(VECTOR.serialize(Vectors.dense(expected.toDoubleArray())));
        assertThat(Reading.read(ColumnEncodings.input(source, open, false), row))
                .isEqualTo(Reading.of(expected, open));
    }

    @Test
    void matricesAreReadInEveryLayout() {
        HostTensor expected = HostTensor.of(new double[] {1, 0, 2, 0, -3, 0}, 2, 3);
        Matrix columnMajor = Matrices.dense(2, 3, new double[] {1, 0, 0, -3, 2, 0});
        TensorType open = new TensorType(DType.FLOAT64, Shape.of(Dim.named("n"), Dim.named("m")));
        List<Matrix> layouts = List.of(
                columnMajor,
                columnMajor.toDenseRowMajor(),
                columnMajor.toSparseColMajor(),
                columnMajor.toSparseRowMajor());
        for (Matrix matrix : layouts) {
            assertRead(MATRIX, MATRIX.serialize(matrix), expected, expected.type());
            assertRead(MATRIX, MATRIX.serialize(matrix), expected, open);
            org.apache.spark.mllib.linalg.MatrixUDT old = new org.apache.spark.mllib.linalg.MatrixUDT();
            assertRead(old, old.serialize(org.apache.spark.mllib.linalg.Matrices.fromML(matrix)), expected, open);
        }
        HostTensor empty = HostTensor.zeros(DType.FLOAT64, 0, 3);
        assertRead(MATRIX, MATRIX.serialize(Matrices.zeros(0, 3)), empty, empty.type());
    }

    @Test
    void outputsAreByteForByteWhatMllibWrites() {
        HostTensor values = HostTensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
        MllibOutput vector =
                (MllibOutput) ColumnEncodings.output(TensorType.of(DType.FLOAT64, 6), OutputFormat.VECTOR, List.of());
        assertThat(vector.dataType()).isEqualTo(VECTOR);
        InternalRow serialized = VECTOR.serialize(Vectors.dense(new double[] {1, 2, 3, 4, 5, 6}));
        assertWritten(vector, values.reshape(1, 6), CatalystValues.unsafeRow(VECTOR, serialized));

        OutputEncoding matrix =
                ColumnEncodings.output(TensorType.of(DType.FLOAT64, 2, 3), OutputFormat.MATRIX, List.of());
        assertThat(matrix.dataType()).isEqualTo(MATRIX);
        Matrix rowMajor = Matrices.dense(2, 3, new double[] {1, 4, 2, 5, 3, 6}).toDenseRowMajor();
        UnsafeRow expected = CatalystValues.unsafeRow(MATRIX, MATRIX.serialize(rowMajor));
        assertWritten(matrix, values, expected);
        Object value = matrix.openWriter(values).value(0);
        assertThat(MATRIX.deserialize(value)).isEqualTo(rowMajor);
    }

    private static void assertWritten(OutputEncoding encoding, HostTensor batch, UnsafeRow expected) {
        ColumnWriter writer = encoding.openWriter(batch);
        assertThat(CatalystValues.writtenRow(writer, 0)).isEqualTo(expected);
        assertThat(CatalystValues.unsafeRow(encoding.dataType(), writer.value(0)))
                .isEqualTo(expected);
    }

    @Test
    void otherDTypesAreWidenedInMllibOutputs() {
        HostTensor floats = HostTensor.of(new float[] {0.1f, -0f, Float.NaN}, 1, 3);
        HostTensor ints = HostTensor.of(new int[] {7, Integer.MIN_VALUE, 0}, 1, 3);
        HostTensor bools = HostTensor.of(new boolean[] {true, false, true}, 1, 3);
        for (HostTensor batch : List.of(floats, ints, bools)) {
            OutputEncoding encoding =
                    ColumnEncodings.output(TensorType.of(batch.dtype(), 3), OutputFormat.VECTOR, List.of());
            Vector expected = Vectors.dense(batch.toDoubleArray());
            assertWritten(encoding, batch, CatalystValues.unsafeRow(VECTOR, VECTOR.serialize(expected)));
        }
        assertThatThrownBy(() -> ColumnEncodings.output(TensorType.of(DType.INT64, 3), OutputFormat.VECTOR, List.of()))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageContaining("int64[3]");
    }

    @Test
    void outputsComeBackAsTheFirstTensorCameIn() {
        InputEncoding scalar = ColumnEncodings.input(
                new ColumnSource("s", DataType.fromDDL("double"), null), TensorType.scalar(DType.FLOAT64), false);
        InputEncoding vector = input(VECTOR, TensorType.of(DType.FLOAT64, 4));
        InputEncoding old = input(OLD_VECTOR, TensorType.of(DType.FLOAT64, 4));
        InputEncoding array = input(DataType.fromDDL("array<float>"), TensorType.of(DType.FLOAT32, 4));
        InputEncoding flat = input(DataType.fromDDL("array<float>"), TensorType.of(DType.FLOAT32, 2, 2));
        assertThat(like(TensorType.of(DType.FLOAT64, 3), scalar, vector, flat)).isEqualTo(VECTOR);
        assertThat(like(TensorType.of(DType.FLOAT32, 3), vector)).isEqualTo(VECTOR);
        assertThat(like(TensorType.of(DType.FLOAT64, 3, 3), vector)).isEqualTo(MATRIX);
        assertThat(like(TensorType.of(DType.FLOAT64, 3), old)).isEqualTo(OLD_VECTOR);
        assertThat(like(TensorType.of(DType.FLOAT64, 3, 3), old).getClass().getName())
                .isEqualTo("org.apache.spark.mllib.linalg.MatrixUDT");
        assertThat(like(TensorType.of(DType.INT64, 3), vector).catalogString()).isEqualTo("array<bigint>");
        assertThat(like(TensorType.of(DType.FLOAT64), vector).catalogString()).isEqualTo("double");
        assertThat(like(TensorType.of(DType.FLOAT64, 1, 1, 1), vector).catalogString())
                .isEqualTo("array<array<array<double>>>");
        assertThat(like(TensorType.of(DType.FLOAT32, 3, 3), scalar, flat, vector)
                        .catalogString())
                .isEqualTo("array<float>");
        assertThat(like(TensorType.of(DType.FLOAT32, 3, 3), array, flat).catalogString())
                .isEqualTo("array<array<float>>");
        assertThat(like(TensorType.of(DType.FLOAT32, 3, 3), scalar).catalogString())
                .isEqualTo("array<array<float>>");
    }

    private static DataType like(TensorType output, InputEncoding... inputs) {
        return ColumnEncodings.output(output, OutputFormat.LIKE_INPUT, List.of(inputs))
                .dataType();
    }

    @Test
    void malformedValuesAreBad() {
        Object nothing = new GenericArrayData(new Object[0]);
        Object one = new GenericArrayData(new Object[] {1.0});
        assertBad(VECTOR, "a sparse value with index 5 of 5", (byte) 0, 5, ints(5), one);
        assertBad(VECTOR, "a sparse value with index -1 of 5", (byte) 0, 5, ints(-1), one);
        assertBad(VECTOR, "a sparse value with 2 indices and 1 values", (byte) 0, 5, ints(1, 2), one);
        assertBad(VECTOR, "a value without its field 3", (byte) 1, null, null, null);
        assertBad(VECTOR, "a vector of -5 elements", (byte) 0, -5, nothing, nothing);
        assertBad(MATRIX, "a matrix of 2 by 2 with 1 values", (byte) 1, 2, 2, null, null, one, false);
        assertBad(MATRIX, "a matrix of -1 by -1", (byte) 1, -1, -1, null, null, one, false);
        assertBad(MATRIX, "a sparse value with index 2 of 2", (byte) 0, 2, 2, ints(0, 1, 1), ints(2), one, false);
        assertBad(
                MATRIX,
                "a matrix of 2 by 2 with malformed pointers",
                (byte) 0,
                2,
                2,
                ints(0, 2, 1),
                ints(0),
                one,
                false);
        assertBad(
                MATRIX, "a matrix of 2 by 2 with malformed pointers", (byte) 0, 2, 2, ints(0, 1), ints(0), one, false);
    }

    private static GenericArrayData ints(Integer... values) {
        return new GenericArrayData((Object[]) values);
    }

    private static void assertBad(DataType type, String found, Object... fields) {
        TensorType wanted = new TensorType(
                DType.FLOAT64, type == VECTOR ? Shape.of(Dim.named("n")) : Shape.of(Dim.named("n"), Dim.named("m")));
        ColumnReader reader = input(type, wanted).openReader();
        InternalRow row = CatalystValues.genericRow(new GenericInternalRow(fields));
        assertThatThrownBy(() -> reader.locate(row, CatalystValues.ORDINAL, new long[wanted.rank()]))
                .isInstanceOf(BadValueException.class)
                .hasMessage("found %s, expected %s".formatted(found, wanted));
    }
}
