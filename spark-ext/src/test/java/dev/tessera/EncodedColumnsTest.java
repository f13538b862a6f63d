package dev.tessera;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type of column goes through an expression in batches, rows of nulls among the others. */
@ExtendWith(SparkSessions.class)
class EncodedColumnsTest {
    private final SparkSession spark = SparkSessions.session();

    /** Rows of which every third has no value. */
    private Dataset<Row> rows(String column) {
        return spark.range(0, 14, 1, 2).selectExpr("id", "if(id %% 3 = 1, null, %s) AS c".formatted(column));
    }

    private static void assertSame(Dataset<Row> foundAndExpected) {
        List<Row> rows = foundAndExpected.collectAsList();
        assertThat(rows).hasSize(14);
        assertThat(rows).allMatch(row -> Objects.equals(row.get(0), row.get(1)));
        assertThat(rows.stream().filter(row -> row.isNullAt(0))).hasSize(5);
        assertThat(Operators.batches(foundAndExpected)).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id % 2 = 0; ~c; id % 2 <> 0",
                "tinyint(id); c + 1; int(id + 1)",
                "smallint(id); c + 1; int(id + 1)",
                "int(id); c + 1; int(id + 1)",
                "id << 40; c + 1; (id << 40) + 1",
                "float(id); c * 2; float(id * 2)",
                "double(id); c / 4; id / 4D",
                "array(id % 2 = 0, true); ~c; array(id % 2 <> 0, false)",
                "array(smallint(id), 3S); c * 2; array(int(id * 2), 6)",
                "array(int(id), 3); c * 2; array(int(id * 2), 6)",
                "array(id << 40, 3L); c * 2; array(id << 41, 6L)",
                "array(float(id), 0.5F); c * 2; array(float(id * 2), 1F)",
                "array(double(id), 0.5D); c * 2; array(double(id * 2), 1D)",
                "array_repeat(float(id), int(id % 4)); c * 2; array_repeat(float(id * 2), int(id % 4))",
                "array_repeat(float(id), int(id % 4)); sum(c); float(id * (id % 4))",
                "array(array(1D, id), array(3D, 4D)); transpose(c); array(array(1D, 3D), array(double(id), 4D))",
            })
    void columnsOfSparkTypes(String column, String expression, String expected) {
        assertSame(rows(column)
                .selectExpr(
                        "tensor_eval('%s', named_struct('c', c)) AS found".formatted(expression),
                        "if(id %% 3 = 1, null, %s) AS expected".formatted(expected)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "array(1F, float(id), 3F, 4F); float32[2, 2]; sum(c, axis=0); array(4F, float(id + 4))",
                "cast(string(10 + id) AS BINARY); uint8[2]; c[0] - 48; int((10 + id) / 10)",
                "unhex('0000803F0000C040'); float32[2]; sum(c); 7F",
            })
    void columnsOfDeclaredTensors(String column, String declared, String expression, String expected) {
        assertSame(rows(column)
                .selectExpr(
                        "tensor_eval('%s', named_struct('c', tensor_column(c, '%s'))) AS found"
                                .formatted(expression, declared),
                        "if(id %% 3 = 1, null, %s) AS expected".formatted(expected)));
    }

    @Test
    void columnsOfVectors() {
        Dataset<Row> vectors = rows("array(double(id), 0.5D)").withColumn("v", array_to_vector(col("c")));
        Dataset<Row> found = vectors.where("c IS NOT NULL")
                .select(
                        col("id"),
                        expr("tensor_eval('v * 2', named_struct('v', v))").as("y"))
                .select(vector_to_array(col("y"), "float64"), expr("array(double(id * 2), 1D)"));

        List<Row> rows = found.collectAsList();

        assertThat(rows).hasSize(9);
        assertThat(rows).allMatch(row -> row.getList(0).equals(row.getList(1)));
        assertThat(Operators.batches(found)).isPositive();
    }
}
