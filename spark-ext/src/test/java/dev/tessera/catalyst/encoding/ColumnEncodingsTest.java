package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.List;
import org.apache.spark.ml.linalg.MatrixUDT;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnEncodingsTest {
    private static ColumnSource source(String type) {
        return new ColumnSource("c", DataType.fromDDL(type), null);
    }

    private static ColumnSource declared(String type, String declaration) {
        return new ColumnSource("c", DataType.fromDDL(type), ColumnDeclaration.parse(declaration));
    }

    private static void assertRefused(ColumnSource source, TensorType wanted, String message) {
        assertThatThrownBy(() -> ColumnEncodings.input(source, wanted, false))
                .isInstanceOf(TensorTypeException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "boolean; bool[]",
                "tinyint; int32[]",
                "smallint; int32[]",
                "int; int32[]",
                "bigint; int64[]",
                "float; float32[]",
                "double; float64[]",
                "array<float>; float32[c_0]",
                "array<boolean>; bool[c_0]",
                "array<tinyint>; int32[c_0]",
                "array<array<double>>; float64[c_0, c_1]",
                "array<array<array<array<array<array<int>>>>>>; int32[c_0, c_1, c_2, c_3, c_4, c_5]"
            })
    void columnsHaveTensorTypesByThemselves(String dataType, String tensorType) {
        assertThat(ColumnEncodings.typeOf("c", source(dataType))).hasToString(tensorType);
    }

    @Test
    void mllibColumnsHaveTensorTypesByThemselves() {
        assertThat(ColumnEncodings.typeOf("c", new ColumnSource("c", new VectorUDT(), null)))
                .hasToString("float64[c_0]");
        assertThat(ColumnEncodings.typeOf("c", new ColumnSource("c", new MatrixUDT(), null)))
                .hasToString("float64[c_0, c_1]");
    }

    @Test
    void declaredColumnsHaveTheDeclaredSizes() {
        assertThat(ColumnEncodings.typeOf("c", declared("array<float>", "float32[2, ?]")))
                .hasToString("float32[2, c_1]");
        assertThat(ColumnEncodings.typeOf("c", declared("binary", "uint8[28, 28]")))
                .hasToString("int32[28, 28]");
        assertThat(ColumnEncodings.typeOf("c", declared("binary", "bfloat16[]")))
                .hasToString("float32[]");
        assertThat(ColumnEncodings.typeOf(
                        "c", new ColumnSource("c", new VectorUDT(), ColumnDeclaration.parse("float32[3]"))))
                .hasToString("float64[3]");
    }

    @Test
    void aDeclarationThatContradictsTheTypeIsRefused() {
        for (ColumnSource source : List.of(
                declared("array<double>", "float32[2]"),
                declared("array<array<double>>", "float64[2]"),
                declared("double", "float64[1]"),
                declared("array<double>", "float64[]"))) {
            assertThatThrownBy(() -> ColumnEncodings.typeOf("c", source))
                    .isInstanceOf(TensorTypeException.class)
                    .hasMessageContaining("its metadata does not describe its type");
        }
    }

    @Test
    void moreThanSixAxesAreRefused() {
        assertThatThrownBy(() -> ColumnEncodings.typeOf("c", source("array<".repeat(7) + "int" + ">".repeat(7))))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageContaining("it has 7 axes, at most 6");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "decimal(10,2); write cast(c as double)",
                "string; write cast(c as double) for one number, from_json(c, 'array<double>') for text as [1.5, 2]",
                "array<array<decimal(10,2)>>; write cast(c as array<array<double>>)",
                "timestamp; write cast(c as double), seconds since 1970",
                "timestamp_ntz; write cast(cast(c as timestamp) as double), seconds since 1970",
                "date; write unix_date(c), days since 1970",
                "array<date>; write transform(c, e1 -> unix_date(e1)), days since 1970",
                "array<array<date>>; write transform(c, e1 -> transform(e1, e2 -> unix_date(e2))), days since 1970",
                "map<string,double>; write map_values(c), or map_keys",
                "struct<a:int,b:int>; take its fields, as in c.a",
                "interval; use a numeric or boolean column for a scalar, arrays of them, an MLlib Vector or Matrix, or"
                        + " binary"
            })
    void columnsOfOtherTypesAreRefusedWithTheCastToWrite(String type, String remedy) {
        ColumnSource source = source(type);
        assertRefused(
                source,
                TensorType.scalar(DType.FLOAT64),
                "Cannot read column c %s as float64[]: %s"
                        .formatted(source.dataType().catalogString(), remedy));
    }

    @Test
    void anUndeclaredBinaryColumnIsRefusedWithTheDeclarationToWrite() {
        assertRefused(
                source("binary"),
                TensorType.of(DType.FLOAT32, 2),
                "Cannot read column c binary as float32[2]: its metadata declares no dtype and shape; "
                        + "declare them, as in tensor_column(c, 'uint8[28, 28]')");
    }

    @Test
    void narrowingIsRefusedUnlessAllowed() {
        TensorType floats = TensorType.of(DType.FLOAT32, 2);
        assertRefused(
                source("array<double>"),
                floats,
                "Cannot read column c array<double> as float32[2]: float64 would be narrowed to float32; compile the"
                        + " function with allowInputDowncast, or write cast(c as array<float>)");
        assertThatCode(() -> ColumnEncodings.input(source("array<double>"), floats, true))
                .doesNotThrowAnyException();
        assertRefused(
                source("int"),
                TensorType.scalar(DType.FLOAT32),
                "Cannot read column c int as float32[]: int32 would be narrowed to float32; compile the function with"
                        + " allowInputDowncast, or write cast(c as float)");
    }

    @Test
    void floatsAreNeverReadAsIntegersNorNumbersAsBools() {
        for (boolean allow : new boolean[] {false, true}) {
            assertThatThrownBy(() -> ColumnEncodings.input(source("float"), TensorType.scalar(DType.INT64), allow))
                    .isInstanceOf(TensorTypeException.class)
                    .hasMessage("Cannot read column c float as int64[]: float32 would be narrowed to int64; "
                            + "write cast(c as bigint)");
            assertThatThrownBy(() -> ColumnEncodings.input(source("int"), TensorType.scalar(DType.BOOL), allow))
                    .isInstanceOf(TensorTypeException.class)
                    .hasMessageContaining("int32 would be narrowed to bool");
        }
    }

    @Test
    void smallIntegersAndHalfFloatsWidenToFloats() {
        TensorType image = TensorType.of(DType.FLOAT32, 28, 28);
        for (String stored :
                List.of("uint8[28, 28]", "int8[28, 28]", "int16[28, ?]", "float16[28, 28]", "bfloat16[28, 28]")) {
            assertThatCode(() -> ColumnEncodings.input(declared("binary", stored), image, false))
                    .doesNotThrowAnyException();
        }
        assertThatThrownBy(() ->
                        ColumnEncodings.input(declared("binary", "float16[2]"), TensorType.of(DType.INT32, 2), true))
                .isInstanceOf(TensorTypeException.class)
                .hasMessageEndingWith("float16 would be narrowed to int32; "
                        + "declare the input with the column's dtype and cast it in the expression");
    }

    @Test
    void shapesThatDifferFromTheDeclaredOnesAreRefused() {
        assertRefused(
                declared("array<float>", "float32[784]"),
                TensorType.of(DType.FLOAT32, 10),
                "Cannot read column c array<float> (declared float32[784]) as float32[10]: the shapes differ; "
                        + "reshape it in the expression, or declare it again");
        assertRefused(
                declared("array<float>", "float32[784]"),
                TensorType.of(DType.FLOAT32, 28, 28),
                "Cannot read column c array<float> (declared float32[784]) as float32[28, 28]: the shapes differ; "
                        + "reshape it in the expression, or declare it again");
    }

    @Test
    void ranksThatDifferAreRefused() {
        assertRefused(
                source("array<array<float>>"),
                TensorType.of(DType.FLOAT32, 4),
                "Cannot read column c array<array<float>> as float32[4]: the column has 2 axes and the input 1; "
                        + "declare the input with the column's rank, and reshape it in the expression");
        assertRefused(
                source("float"),
                TensorType.of(DType.FLOAT32, 1),
                "Cannot read column c float as float32[1]: the column has 0 axes and the input 1; "
                        + "declare the input with the column's rank, and reshape it in the expression");
    }

    @Test
    void aFlatColumnWithTwoUnknownSizesIsRefused() {
        TensorType open = new TensorType(DType.FLOAT32, Shape.of(Dim.named("n"), Dim.named("m")));
        assertRefused(
                source("array<float>"),
                open,
                "Cannot read column c array<float> as float32[n, m]: its values carry no shape, and more than one size "
                        + "is unknown; declare the sizes");
    }

    @Test
    void aScalarIsAScalarColumnInEveryFormatButBinary() {
        for (OutputFormat format : OutputFormat.values()) {
            OutputEncoding encoding = ColumnEncodings.output(TensorType.scalar(DType.INT32), format, List.of());
            assertThat(encoding.dataType())
                    .isEqualTo(format == OutputFormat.BINARY ? DataTypes.BinaryType : DataTypes.IntegerType);
        }
    }
}
