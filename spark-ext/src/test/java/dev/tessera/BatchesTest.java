package dev.tessera;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.compile.CompileOptions;
import dev.tessera.compile.OnBadRow;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.TensorConf;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How the operator batches rows, what it does with odd ones, and that it gives all memory back (Spark fails a task that does not). */
@ExtendWith(SparkSessions.class)
class BatchesTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
    private final Variable v = Tensors.variable("v", DType.FLOAT32, Dim.named("n"));
    private final TensorFunction f = TensorFunction.compile(x.sum());

    private Dataset<Row> rows() {
        return spark.range(0, 10, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x");
    }

    @AfterEach
    void resetBatches() {
        spark.conf().unset(TensorConf.BATCH_MAX_ROWS.key());
        spark.conf().unset(TensorConf.BATCH_MAX_BYTES.key());
    }

    private static List<Object> values(Dataset<Row> dataset, int column) {
        return dataset.collectAsList().stream().map(row -> row.get(column)).toList();
    }

    @Test
    void batchHasAtMostSoManyRows() {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 3);
        Dataset<Row> result = rows().select(col("id"), f.apply(col("x")));

        assertThat(values(result, 1)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        // Two partitions of 5 rows, each in batches of 3 and 2.
        assertThat(Operators.batches(result)).isEqualTo(4);
    }

    @Test
    void batchIsClosedByBytesBeforeRows() {
        spark.conf().set(TensorConf.BATCH_MAX_BYTES.key(), 4L << 20);
        Dataset<Row> wide = rows().withColumn("wide", expr("concat(repeat('x', 1000000), id)"));
        Dataset<Row> result = wide.select(col("id"), col("wide"), f.apply(col("x")), expr("length(wide)"));

        List<Row> rows = result.collectAsList();

        assertThat(rows).extracting(row -> row.getString(1).length()).containsOnly(1_000_001);
        assertThat(rows)
                .extracting(row -> row.getFloat(2))
                .containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        // 4 MiB hold 4 rows of 1 MB: batches of 4 and 1.
        assertThat(Operators.batches(result)).isEqualTo(4);
    }

    @Test
    void rowLargerThanABatchIsABatch() {
        spark.conf().set(TensorConf.BATCH_MAX_BYTES.key(), 1);
        Dataset<Row> result = rows().select(col("id"), f.apply(col("x")));

        assertThat(values(result, 1)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        assertThat(Operators.batches(result)).isEqualTo(10);
    }

    @Test
    void senselessSettingIsRefused() {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), "many");

        assertThatThrownBy(() -> rows().select(f.apply(col("x"))).collect())
                .hasMessageContaining("Cannot read spark.tessera.batch.maxRows: it is 'many'");
    }

    @Test
    void everyTypeOfColumnPassesThrough() {
        Dataset<Row> typed = rows().selectExpr(
                        "id",
                        "x",
                        "id > 3 as b",
                        "cast(id as byte) as y",
                        "cast(id as decimal(10,2)) as small",
                        "cast(id as decimal(38,2)) as large",
                        "if(id % 2 = 0, null, repeat('ä', cast(id as int))) as s",
                        "cast(cast(id as string) as binary) as bin",
                        "named_struct('a', id, 'b', array(id, null)) as st",
                        "map('k', id) as m",
                        "if(id = 3, null, make_interval(1, 2, 0, 0, 0, 0, 0)) as iv",
                        "date'2020-01-01' as d");
        Dataset<Row> result = typed.withColumn("f", f.apply(col("x")));

        assertThat(result.drop("f").collectAsList()).isEqualTo(typed.collectAsList());
        assertThat(result.collectAsList())
                .extracting(row -> row.<Float>getAs("f"))
                .containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        assertThat(Operators.of(result)).hasSize(1);
    }

    @Test
    void rowsOfManyShapesAreBatchedByShapeAndComeBackInOrder() {
        TensorFunction total = TensorFunction.compile(v.sum());
        Dataset<Row> ragged = spark.range(0, 12, 1, 1).selectExpr("id", "array_repeat(1f, cast(id % 3 as int)) as v");
        Dataset<Row> result = ragged.select(col("id"), total.apply(col("v")));

        assertThat(values(result, 1)).containsExactly(0f, 1f, 2f, 0f, 1f, 2f, 0f, 1f, 2f, 0f, 1f, 2f);
        assertThat(Operators.batches(result)).isEqualTo(3);
    }

    @Test
    void manyShapesInSmallBatchesStayInOrder() {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 7);
        TensorFunction total = TensorFunction.compile(v.sum());
        Dataset<Row> ragged = spark.range(0, 200, 1, 2).selectExpr("id", "array_repeat(1f, cast(id % 23 as int)) as v");

        List<Object> sums = values(ragged.select(total.apply(col("v"))), 0);

        for (int id = 0; id < 200; id++) {
            assertThat(sums.get(id)).isEqualTo((float) (id % 23));
        }
    }

    @Test
    void sizesThatMustAgreeAreCheckedRowByRow() {
        Variable w = Tensors.variable("w", DType.FLOAT32, Dim.named("n"));
        TensorFunction both = TensorFunction.compile(v.add(w).sum(), v, w);
        Dataset<Row> uneven =
                spark.range(0, 4, 1, 1).selectExpr("array(1f, 2f) as v", "if(id = 2, array(1f), array(3f, 4f)) as w");

        assertThatThrownBy(() -> uneven.select(both.apply(col("v"), col("w"))).collect())
                .rootCause()
                .hasMessageContaining("row 2 of partition 0")
                .hasMessageContaining("w[1]")
                .hasMessageContaining("n = 2");
    }

    @Test
    void emptyPartitionsAndNoRowsAtAll() {
        Dataset<Row> sparse = spark.range(0, 3, 1, 8).selectExpr("id", "array(1f, 2f, 3f) as x");

        assertThat(values(sparse.select(f.apply(col("x"))), 0)).containsExactly(6f, 6f, 6f);
        assertThat(sparse.where("id > 5").select(f.apply(col("x"))).collectAsList())
                .isEmpty();
    }

    @Test
    void badRowNamesColumnExpressionShapesAndPosition() {
        Dataset<Row> mixed =
                rows().withColumn("x", expr("if(id = 7, array(1f), x)")).select(f.apply(col("x")));

        assertThatThrownBy(mixed::collect)
                .rootCause()
                .hasMessageContaining("Cannot evaluate sum(x) for row 2 of partition 1")
                .hasMessageContaining("column x array<float> has an array of 1 element")
                .hasMessageContaining("expected float32[3]")
                .hasMessageContaining("onBadRow");
    }

    @Test
    void badRowsBecomeNullAndAreCountedIfTheFunctionSaysSo() {
        TensorFunction lenient =
                TensorFunction.compile(Graph.of("y", x.sum()), CompileOptions.DEFAULT.withOnBadRow(OnBadRow.NULL));
        Dataset<Row> mixed = rows().withColumn("x", expr("if(id = 7, array(1f), if(id = 8, array(1f, null, 2f), x))"))
                .select(lenient.apply(col("x")));

        assertThat(values(mixed, 0)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, null, null, 14f);
        assertThat(Tessera.report(spark).badRows()).isEqualTo(2);
        assertThat(Operators.of(mixed).get(0).metrics().apply("badRows").value())
                .isEqualTo(2);
    }

    @Test
    void severalOutputsAreAStruct() {
        TensorFunction both = TensorFunction.compile(
                Graph.of(new Graph.Output("total", x.sum()), new Graph.Output("same", x.sum(0))));
        Dataset<Row> result = rows().select(both.apply(col("x")).as("r")).select("r.total", "r.same");

        assertThat(values(result, 0)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        assertThat(values(result, 1)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        assertThat(Operators.batches(result)).isEqualTo(2);
    }

    @Test
    void limitStopsEarlyAndFreesAll() {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 2);

        assertThat(values(rows().select(f.apply(col("x"))).limit(3), 0)).hasSize(3);
    }

    @Test
    void killedTaskFreesAll() throws InterruptedException {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 2);
        Dataset<Row> endless = spark.range(0, 1L << 40, 1, 1)
                .selectExpr("array(cast(id as float), 2f, 3f) as x")
                .select(f.apply(col("x")).as("y"))
                .where("y < 0");
        Thread query = new Thread(() -> {
            spark.sparkContext().setJobGroup("endless", "", true);
            assertThatThrownBy(endless::collect).hasStackTraceContaining("cancelled");
        });
        query.start();
        while (spark.sparkContext().statusTracker().getActiveJobIds().length == 0) {
            Thread.sleep(10);
        }

        spark.sparkContext().cancelJobGroup("endless");
        query.join();

        assertThat(values(rows().select(f.apply(col("x"))), 0)).hasSize(10);
    }

    @Test
    void failureUpstreamFreesAll() {
        spark.conf().set(TensorConf.BATCH_MAX_ROWS.key(), 2);
        Dataset<Row> failing = rows().withColumn("x", expr("if(id = 8, raise_error('upstream'), x)"));

        assertThatThrownBy(() -> failing.select(f.apply(col("x"))).collect())
                .hasStackTraceContaining("upstream")
                .satisfies(e -> assertThat(e).hasStackTraceContaining("raise"));
    }
}
