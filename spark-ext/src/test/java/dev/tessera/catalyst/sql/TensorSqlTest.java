package dev.tessera.catalyst.sql;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.Operators;
import dev.tessera.SparkSessions;
import java.util.List;
import org.apache.spark.ml.linalg.MatrixUDT;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.collection.mutable.ArraySeq;

/** Expressions as text over columns: names, dtypes and ranks from the columns, values as NumPy's. */
@ExtendWith(SparkSessions.class)
class TensorSqlTest {
    private final SparkSession spark = SparkSessions.session();

    /** Rows 0 to 5 in two partitions: x = [id, 1, -2], m = [[id, 1], [2, 3]], s = id / 2, n = id; x of row 5 is null. */
    @BeforeEach
    void createRows() {
        spark.range(0, 6, 1, 2)
                .selectExpr(
                        "id",
                        "if(id = 5, null, array(cast(id as float), 1f, -2f)) as x",
                        "array(array(cast(id as double), 1d), array(2d, 3d)) as m",
                        "id / 2 as s",
                        "cast(id as int) as n",
                        "if(id >= 0, unhex('00ff0102'), null) as img",
                        "cast(id as decimal(10, 2)) as price",
                        "named_struct('a', if(id >= 0, array(1d, 2d), null), 'label', 'seven') as packed")
                .createOrReplaceTempView("rows");
    }

    /** The one column of a query, as Java's own lists, by id; asserts that the operator evaluated it. */
    private List<Object> evaluate(String expression) {
        Dataset<Row> result = spark.sql("SELECT " + expression + " AS y FROM rows ORDER BY id");
        List<Row> rows = result.collectAsList();
        assertThat(Operators.batches(result)).as(expression).isPositive();
        return rows.stream().map(row -> plain(row.get(0))).toList();
    }

    private static Object plain(Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof ArraySeq<?> array) {
            return scala.jdk.javaapi.CollectionConverters.asJava(array).stream()
                    .map(TensorSqlTest::plain)
                    .toList();
        }
        return value;
    }

    private String typeOf(String expression) {
        return spark.sql("SELECT " + expression + " AS y FROM rows")
                .schema()
                .apply("y")
                .dataType()
                .catalogString();
    }

    private void assertRefused(String expression, String... parts) {
        assertThatThrownBy(() -> spark.sql("SELECT " + expression + " FROM rows"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void aVectorIsEvaluatedInTextByName() {
        assertThat(typeOf("tensor_eval('relu(x) + 1', named_struct('x', x))")).isEqualTo("array<float>");
        assertThat(evaluate("tensor_eval('relu(x) + 1', named_struct('x', x))"))
                .containsExactly(
                        List.of(1f, 2f, 1f),
                        List.of(2f, 2f, 1f),
                        List.of(3f, 2f, 1f),
                        List.of(4f, 2f, 1f),
                        List.of(5f, 2f, 1f),
                        "null");
    }

    @Test
    void theDataFrameApiCallsItToo() {
        Dataset<Row> result = spark.table("rows")
                .filter("id < 2")
                .select(call_function("tensor_eval", lit("sum(a * a)"), struct(col("x").as("a")))
                        .as("y"));
        assertThat(result.collectAsList()).extracting(row -> row.getFloat(0)).containsExactly(5f, 6f);
        assertThat(Operators.batches(result)).isPositive();
    }

    /** x is float32, s float64 and n int32: NumPy's promotion gives float64 for each pair. */
    @Test
    void dtypesComeFromTheColumnsAndArePromotedAsNumpyDoes() {
        assertThat(typeOf("tensor_eval('x * s', struct(x, s))")).isEqualTo("array<double>");
        assertThat(typeOf("tensor_eval('x * n', struct(x, n))")).isEqualTo("array<double>");
        assertThat(typeOf("tensor_eval('n + 1', struct(n))")).isEqualTo("int");
        assertThat(typeOf("tensor_eval('m > 1', struct(m))")).isEqualTo("array<array<boolean>>");
        assertThat(evaluate("tensor_eval('x * s', struct(x, s))"))
                .startsWith(List.of(0d, 0d, -0d), List.of(0.5, 0.5, -1d), List.of(2d, 1d, -2d));
    }

    @Test
    void literalFieldsAreConstants() {
        assertThat(typeOf("tensor_eval('x * c', named_struct('x', x, 'c', 0.5))"))
                .isEqualTo("array<double>");
        assertThat(evaluate("tensor_eval('x * c', named_struct('x', x, 'c', 0.5))"))
                .startsWith(List.of(0d, 0.5, -1d), List.of(0.5, 0.5, -1d));
        assertThat(evaluate("tensor_eval('x @ w', named_struct('x', x, 'w', array(1, 2, 3)))"))
                .startsWith(-4d, -3d);
        String matrix = "array(array(1f, 0f), array(0f, 1f), array(1f, 1f))";
        assertThat(evaluate("tensor_eval('x @ w', named_struct('x', x, 'w', " + matrix + "))"))
                .startsWith(List.of(-2f, -1f), List.of(-1f, -1f));
        assertThat(evaluate("tensor_eval('x + w', named_struct('x', x, 'w', array(0.25, 1.5, 2)))"))
                .startsWith(List.of(0.25, 2.5, 0d));
    }

    @Test
    void anExpressionOfConstantsIsTheSameForEveryRow() {
        Dataset<Row> result = spark.sql("SELECT tensor_eval('c + [1, 2]', named_struct('c', 1.5)) FROM rows");
        assertThat(result.collectAsList().stream().map(row -> plain(row.get(0))).toList())
                .hasSize(6)
                .containsOnly(List.of(2.5, 3.5));
        assertThat(Operators.of(result)).isEmpty();
    }

    @Test
    void aWholeStructMayBeHandedOver() {
        assertThat(evaluate("tensor_eval('a + 1', packed)")).startsWith(List.of(2d, 3d));
    }

    @Test
    void bytesAreReadAsDeclared() {
        String image = "tensor_column(img, 'uint8[2, 2]')";
        assertThat(typeOf("tensor_eval('i + 1', named_struct('i', " + image + "))"))
                .isEqualTo("array<int>");
        assertThat(evaluate("tensor_eval('i + 1', named_struct('i', " + image + "))"))
                .startsWith(List.of(1, 256, 2, 3));
        assertThat(evaluate("tensor_eval('sum(i, axis=0)', named_struct('i', " + image + "))"))
                .startsWith(List.of(1L, 257L));
    }

    @Test
    void outputsComeBackAsAsked() {
        String call = "tensor_eval('m + 1', struct(m), map('as', '%s'))";
        assertThat(typeOf(call.formatted("flat"))).isEqualTo("array<double>");
        assertThat(typeOf(call.formatted("binary"))).isEqualTo("binary");
        assertThat(spark.sql("SELECT " + call.formatted("matrix") + " AS y FROM rows")
                        .schema()
                        .apply("y")
                        .dataType())
                .isEqualTo(new MatrixUDT());
        assertThat(typeOf(call.formatted("nested"))).isEqualTo("array<array<double>>");
        assertThat(evaluate(call.formatted("flat"))).startsWith(List.of(1d, 2d, 3d, 4d), List.of(2d, 2d, 3d, 4d));
        assertThat(evaluate(call.formatted("matrix")).get(1)).hasToString("2.0  2.0  \n3.0  4.0  ");
    }

    @Test
    void severalOutputsAreAStruct() {
        String call = "tensor_eval('topk(x, 2)', struct(x))";
        assertThat(typeOf(call)).isEqualTo("struct<values:array<float>,indices:array<bigint>>");
        assertThat(typeOf("tensor_eval('(topk(x, 2), topk(x, 1), sum(x))', struct(x))"))
                .isEqualTo(
                        "struct<values:array<float>,indices:array<bigint>,_3:array<float>,_4:array<bigint>,_5:float>");
        assertThat(evaluate(call + ".values")).startsWith(List.of(1f, 0f), List.of(1f, 1f), List.of(2f, 1f));
    }

    @Test
    void aRowThatIsBadMayBecomeNull() {
        spark.range(0, 4, 1, 2)
                .selectExpr("id", "if(id = 2, array(1f), array(1f, 2f)) as v", "array(1f, 1f) as w")
                .createOrReplaceTempView("ragged");
        Dataset<Row> tolerant = spark.sql(
                "SELECT tensor_eval('v + w', struct(v, w), map('onBadRow', 'null')) AS y FROM ragged ORDER BY id");
        assertThat(tolerant.collectAsList().stream()
                        .map(row -> plain(row.get(0)))
                        .toList())
                .containsExactly(List.of(2f, 3f), List.of(2f, 3f), "null", List.of(2f, 3f));
        Dataset<Row> strict = spark.sql("SELECT tensor_eval('v + w', struct(v, w)) AS y FROM ragged");
        assertThatThrownBy(strict::collectAsList).hasStackTraceContaining("Cannot evaluate");
    }

    @Test
    void callsAreFoundInEveryClause() {
        String call = "tensor_eval('sum(m)', struct(m))";
        List<Row> grouped = spark.sql("SELECT " + call + " AS total, count(*) AS c FROM rows WHERE " + call
                        + " > 7 GROUP BY " + call + " HAVING " + call + " < 11 ORDER BY " + call + " DESC")
                .collectAsList();
        assertThat(grouped).extracting(row -> row.getDouble(0)).containsExactly(10d, 9d, 8d);
        List<Row> windowed = spark.sql("SELECT id, rank() OVER (ORDER BY " + call + " DESC) AS r FROM rows ORDER BY id")
                .collectAsList();
        assertThat(windowed).extracting(row -> row.getInt(1)).containsExactly(6, 5, 4, 3, 2, 1);
        List<Row> lambda = spark.sql("SELECT transform(m, e -> tensor_eval('max(e)', struct(e))) FROM rows ORDER BY id")
                .collectAsList();
        assertThat(plain(lambda.get(4).get(0))).isEqualTo(List.of(4d, 3d));
    }

    @Test
    void tensorsTooAreFoundInEveryClause() {
        String call = "tensor_eval('m[1] * 0 + [1, 2]', struct(m))";
        List<Row> grouped = spark.sql("SELECT " + call + " AS v, count(*) AS c FROM rows WHERE " + call
                        + "[0] = 1 GROUP BY " + call + " HAVING " + call + "[1] = 2 ORDER BY c")
                .collectAsList();
        assertThat(grouped).hasSize(1);
        assertThat(plain(grouped.get(0).get(0))).isEqualTo(List.of(1d, 2d));
        assertThat(grouped.get(0).getLong(1)).isEqualTo(6);
        List<Row> sorted = spark.sql("SELECT id FROM rows ORDER BY tensor_eval('-m[0]', struct(m))[0]")
                .collectAsList();
        assertThat(sorted).extracting(row -> row.getLong(0)).containsExactly(5L, 4L, 3L, 2L, 1L, 0L);
    }

    @Test
    void columnsWithOddNamesAreBound() {
        Dataset<Row> odd = spark.range(0, 2, 1, 2).selectExpr("array(cast(id as float), 1f) as `a b.c`");
        Dataset<Row> result = odd.selectExpr(
                "tensor_eval('sum(x)', named_struct('x', tensor_column(`a b.c`, 'float32[?]'), 'y z', `a b.c`)) as y");
        assertThat(result.collectAsList()).extracting(row -> row.getFloat(0)).containsExactly(1f, 2f);
    }

    @Test
    void whatIsWrongInTheTextIsAnAnalysisErrorThatPointsThere() {
        assertRefused("tensor_eval('relu(x', struct(x))", "DATATYPE_MISMATCH", "relu(x", "^");
        assertRefused("tensor_eval('rulu(x)', struct(x))", "rulu", "^");
        assertRefused("tensor_eval('price + pixel', struct(price, x AS pixels))", "write cast(price as double)");
        assertRefused("tensor_eval('pixel + 1', struct(x AS pixels, price))", "did you mean 'pixels'", "^");
        assertRefused("tensor_eval('x @ s', struct(x, s))", "DATATYPE_MISMATCH", "x @ s", "^");
    }

    @Test
    void sizesThatOnlyRowsTellAreCheckedThere() {
        Dataset<Row> rows = spark.sql("SELECT tensor_eval('x @ m', struct(x, m)) FROM rows WHERE id = 1");
        assertThatThrownBy(rows::collectAsList)
                .hasStackTraceContaining("@ m for row 0 of partition")
                .hasStackTraceContaining("x_0 = 3 and m_0 = 2");
    }

    @Test
    void whatIsWrongInTheCallIsAnAnalysisError() {
        assertRefused("tensor_eval('x')", "write tensor_eval('x + y', named_struct(");
        assertRefused("tensor_eval(cast(id as string), struct(x))", "is no string literal");
        assertRefused("tensor_eval('x', x)", "it is no struct");
        assertRefused("tensor_eval('price + 1', struct(price))", "write cast(price as double)");
        assertRefused(
                "tensor_eval('x + c', named_struct('x', x, 'c', cast(null as double)))", "constant c: it is null");
        assertRefused("tensor_eval('x', struct(x), map('as', 'list'))", "Cannot write an output as 'list'");
        assertRefused("tensor_eval('x', struct(x), map('to', 'flat'))", "Cannot set option 'to'");
        assertRefused("tensor_eval('img', struct(img))", "tensor_column(img, 'uint8[28, 28]')");
        assertRefused("tensor_column(x, 'float64[3]')", "its metadata does not describe its type");
        assertRefused("tensor_column(x, 'float32')", "write it as in uint8[28, 28]");
    }

    /** Each is what the message of a refused column of that type says to write. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "cast(1.5 as decimal(10, 2)); cast(c as double); double",
                "'1.5'; cast(c as double); double",
                "array(array(1.5BD)); cast(c as array<array<double>>); array<array<double>>",
                "timestamp '2020-01-01 00:00:00'; cast(c as double); double",
                "array(timestamp '2020-01-01 00:00:00'); cast(c as array<double>); array<double>",
                "timestamp_ntz '2020-01-01 00:00:00'; cast(cast(c as timestamp) as double); double",
                "date '2020-01-01'; unix_date(c); int",
                "array(array(date '2020-01-01')); transform(c, e1 -> transform(e1, e2 -> unix_date(e2)));"
                        + " array<array<int>>",
                "map('a', 1d); map_values(c); array<double>",
                "named_struct('a', 1, 'b', 2); c.a; int"
            })
    void theCastsThatMessagesShowAreSpark(String value, String cast, String type) {
        Dataset<Row> rows = spark.range(0, 1).selectExpr(value + " AS c");
        assertThatThrownBy(() -> rows.selectExpr("tensor_eval('c', struct(c))"))
                .isInstanceOf(AnalysisException.class)
                .hasMessageContaining(cast);
        Dataset<Row> mended = rows.selectExpr(cast + " AS c");
        assertThat(mended.schema().apply("c").dataType().catalogString()).isEqualTo(type);
        assertThat(mended.selectExpr("tensor_eval('c + 0', struct(c))").collectAsList())
                .hasSize(1);
    }
}
