package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions beside calls keep their rows and their order. */
@ExtendWith(SparkSessions.class)
class FilterOrderTest {
    private final SparkSession spark = SparkSessions.session();

    /** Rows 0 to 39 in two partitions, x = [id mod 7, 2, 3]. */
    @BeforeEach
    void createRows() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
        Tessera.register(spark, "ordered_sum", TensorFunction.compile(x.sum()));
        spark.range(0, 40, 1, 2)
                .selectExpr("id", "id % 7 AS k", "array(cast(id % 7 as float), 2f, 3f) AS x")
                .createOrReplaceTempView("ordered");
    }

    private List<Row> rows(Dataset<Row> dataset) {
        return dataset.collectAsList();
    }

    private static String withoutCalls(String query) {
        return query.replace("{f}", "(x[0] + x[1] + x[2])");
    }

    /** What rand gives a row depends on how many rows of its partition reached it before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "WHERE {f} > 7 AND rand(7) < 0.5",
                "WHERE rand(7) < 0.5 AND {f} > 7",
                "WHERE {f} > 7 AND rand(7) < 0.5 AND id > 5",
                "WHERE {f} > 7 AND id > 5 AND rand(7) < 0.5",
                "WHERE id > 5 AND {f} > 7 AND rand(7) < 0.5 AND {f} < 10 AND rand(3) < 0.5",
                "WHERE rand(7) < 0.5 AND {f} > 7 AND rand(3) < 0.5",
                "WHERE {f} + 10 * rand(7) > 12",
                "WHERE rand(7) < 0.5 OR {f} > 9",
                "WHERE {f} > 7 AND spark_partition_id() = 1 AND monotonically_increasing_id() % 3 > 0"
            })
    void nondeterministicConditionsSeeTheRowsThatTheyWouldWithoutCalls(String where) {
        String query = "SELECT id FROM ordered " + where;
        List<Row> expected = rows(spark.sql(withoutCalls(query)));

        assertThat(expected).isNotEmpty().hasSizeLessThan(40);
        assertThat(rows(spark.sql(query.replace("{f}", "ordered_sum(x)")))).isEqualTo(expected);
        assertThat(Tessera.report(spark).singleRows() == 0).isEqualTo(!where.contains(" OR "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT {f}, rand(7), monotonically_increasing_id(), spark_partition_id(), input_file_name() FROM"
                        + " ordered",
                "SELECT y, r FROM (SELECT {f} AS y, rand(7) AS r FROM ordered) WHERE r < 0.5 AND y > 7",
                "SELECT {f}, id FROM (SELECT * FROM ordered WHERE rand(7) < 0.5) WHERE {f} > 7",
                "SELECT {f}, rand(3) FROM (SELECT * FROM ordered WHERE {f} > 7 LIMIT 100) WHERE rand(7) < 0.5",
                "SELECT {f}, id FROM ordered TABLESAMPLE (40 PERCENT) REPEATABLE (5) WHERE {f} > 7"
            })
    void nondeterministicColumnsAreThoseOfTheQueryWithoutCalls(String query) {
        assertThat(rows(spark.sql(query.replace("{f}", "ordered_sum(x)"))))
                .isEqualTo(rows(spark.sql(withoutCalls(query))));
    }

    /** id mod 7 is 0 only where the sum is 5. */
    @Test
    void conditionThatACallGuardsIsNotEvaluatedBeforeIt() {
        Dataset<Row> guarded = spark.sql("SELECT id FROM ordered WHERE ordered_sum(x) > 5 AND 60 / k = 10");

        assertThat(rows(guarded)).extracting(row -> row.getLong(0)).containsExactly(6L, 13L, 20L, 27L, 34L);
        assertThat(Tessera.report(spark).singleRows()).isZero();
    }

    /** A condition that cannot fail keeps rows from the call, wherever it is written. */
    @Test
    void conditionThatCannotFailGoesBeforeTheCall() {
        Dataset<Row> filtered = spark.sql("SELECT id FROM ordered WHERE ordered_sum(x) > 5 AND id % 7 = 1 AND id < 30");

        assertThat(rows(filtered)).extracting(row -> row.getLong(0)).containsExactly(1L, 8L, 15L, 22L, 29L);
        assertThat(Tessera.report(spark).receipt().rowCount()).isEqualTo(5);
    }

    @Test
    void correlatedSubqueryMayFilterByACall() {
        Dataset<Row> result =
                spark.sql("SELECT id FROM ordered a WHERE ordered_sum(a.x) < (SELECT max(ordered_sum(b.x))"
                        + " FROM ordered b WHERE ordered_sum(b.x) >= 6 AND b.id = a.id + 1)");

        // The next row's sum is larger, except after a sum of 11, and row 39 has no next row.
        assertThat(rows(result)).hasSize(34);
        assertThat(rows(result)).noneMatch(row -> row.getLong(0) % 7 == 6 || row.getLong(0) == 39);
    }
}
