package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;

class BadArrayTest {
    private static final TensorType VECTOR = TensorType.of(DType.FLOAT64, 3);
    private static final TensorType MATRIX = TensorType.of(DType.FLOAT64, 2, 2);
    private static final TensorType OPEN = new TensorType(DType.FLOAT64, Shape.of(Dim.named("n"), Dim.of(2)));

    private static GenericArrayData array(Object... elements) {
        return new GenericArrayData(elements);
    }

    private static void assertBad(String type, TensorType wanted, Object value, String message) {
        DataType dataType = DataType.fromDDL(type);
        ColumnReader reader = ColumnEncodings.input(new ColumnSource("x", dataType, null), wanted, false)
                .openReader();
        InternalRow generic = CatalystValues.genericRow(value);
        InternalRow unsafe = CatalystValues.unsafeRow(dataType, value);
        for (InternalRow row : List.of(generic, unsafe)) {
            assertThatThrownBy(() -> reader.locate(row, CatalystValues.ORDINAL, new long[wanted.rank()]))
                    .isInstanceOf(BadValueException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void aWrongLengthIsBad() {
        String message = "found an array of 2 elements, expected float64[3]";
        assertBad("array<double>", VECTOR, array(1.0, 2.0), message);
        assertBad(
                "array<double>",
                MATRIX,
                array(1.0, 2.0, 3.0),
                "found an array of 3 elements, expected float64[2, 2]: 4 elements");
        assertBad(
                "array<double>",
                OPEN,
                array(1.0, 2.0, 3.0),
                "found an array of 3 elements, expected float64[n, 2]: a multiple of 2 elements");
    }

    @Test
    void aNullInsideIsBad() {
        String message = "found an array of 3 with a null in it, expected float64[3]";
        assertBad("array<double>", VECTOR, array(1.0, null, 3.0), message);
        assertBad(
                "array<array<double>>",
                MATRIX,
                array(array(1.0, 2.0), null),
                "found an array of 2 with a null in it along axis 0, expected float64[2, 2]");
        assertBad(
                "array<array<double>>",
                MATRIX,
                array(array(1.0, 2.0), array(1.0, null)),
                "found an array of 2 with a null in it along axis 1, expected float64[2, 2]");
    }

    @Test
    void aNullBeyondTheFirstWordOfNullBitsIsBad() {
        Object[] elements = new Object[130];
        java.util.Arrays.fill(elements, 1.0);
        elements[129] = null;
        assertBad(
                "array<double>",
                TensorType.of(DType.FLOAT64, 130),
                array(elements),
                "found an array of 130 with a null in it, expected float64[130]");
    }

    @Test
    void raggedArraysAreBad() {
        String message = "found ragged arrays: of 2 and of 1 along axis 1, expected float64[2, 2]";
        assertBad("array<array<double>>", MATRIX, array(array(1.0, 2.0), array(1.0)), message);
        assertBad(
                "array<array<array<double>>>",
                new TensorType(DType.FLOAT64, Shape.of(Dim.named("a"), Dim.named("b"), Dim.named("c"))),
                array(array(array(1.0), array(2.0)), array(array(1.0))),
                "found ragged arrays: of 2 and of 1 along axis 1, expected float64[a, b, c]");
    }

    @Test
    void aWrongShapeIsBad() {
        assertBad(
                "array<array<double>>",
                MATRIX,
                array(array(1.0, 2.0, 3.0), array(1.0, 2.0, 3.0)),
                "found an array of shape [2, 3], expected float64[2, 2]");
        assertBad("array<array<double>>", MATRIX, array(), "found an array of shape [0], expected float64[2, 2]");
    }
}
