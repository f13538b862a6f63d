package dev.tessera;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.catalyst.ScalaInterop;
import dev.tessera.catalyst.encoding.ColumnDeclaration;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plugin.TensorConf;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Calls in caches, files, streams, reused exchanges; what a query plan says of them. */
@ExtendWith(SparkSessions.class)
class QueryLifeTest {
    private final SparkSession spark = SparkSessions.session();
    private final Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
    private final TensorFunction f = TensorFunction.compile(x.sum());
    private final TensorFunction doubled = TensorFunction.compile(x.mul(2f));

    private Dataset<Row> rows() {
        return spark.range(0, 10, 1, 2).selectExpr("id", "array(cast(id as float), 2f, 3f) as x");
    }

    private static List<Object> values(Dataset<Row> dataset, int column) {
        return dataset.collectAsList().stream().map(row -> row.get(column)).toList();
    }

    @Test
    void equalQueryHitsTheCache() {
        Dataset<Row> cached = rows().withColumn("y", f.apply(col("x"))).cache();
        try {
            assertThat(cached.count()).isEqualTo(10);
            Dataset<Row> again =
                    rows().withColumn("y", TensorFunction.compile(x.sum()).apply(col("x")));

            assertThat(values(again, 2)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
            assertThat(again.queryExecution().executedPlan().toString()).contains("InMemoryTableScan");
            assertThat(Operators.batches(again))
                    .as("batches of the cached operator")
                    .isEqualTo(2);
        } finally {
            cached.unpersist();
        }
    }

    @Test
    void callOverACacheIsBatched() {
        Dataset<Row> cached = rows().cache();
        try {
            Dataset<Row> result = cached.select(f.apply(col("x")));

            assertThat(values(result, 0)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
            assertThat(Operators.batches(result)).isEqualTo(2);
        } finally {
            cached.unpersist();
        }
    }

    @Test
    void declarationSurvivesSelectCacheAndParquet(@TempDir Path folder) {
        ColumnDeclaration declared = new ColumnDeclaration(DType.FLOAT32, List.of(3L));
        Dataset<Row> result = rows().select(col("id"), doubled.apply(col("x")).as("y"));
        Dataset<Row> selected = result.select("y").cache();
        selected.write().mode(SaveMode.Overwrite).parquet(folder.toString());
        Dataset<Row> read = spark.read().parquet(folder.toString());

        assertThat(ColumnDeclaration.of(selected.schema().apply("y").metadata()))
                .contains(declared);
        assertThat(ColumnDeclaration.of(read.schema().apply("y").metadata())).contains(declared);
        selected.unpersist();
    }

    @Test
    void sqlDeclaresItsColumnsForTheRestOfTheSameQuery() {
        rows().createOrReplaceTempView("xs");
        Tessera.register(spark, "doubled_x", doubled);
        Tessera.register(spark, "total_x", f);

        Dataset<Row> result = spark.sql("SELECT y, total_x(y) AS t FROM (SELECT id, doubled_x(x) AS y FROM xs)");

        assertThat(ColumnDeclaration.of(result.schema().apply("y").metadata()))
                .contains(new ColumnDeclaration(DType.FLOAT32, List.of(3L)));
        assertThat(values(result, 1)).containsExactly(10f, 12f, 14f, 16f, 18f, 20f, 22f, 24f, 26f, 28f);
        assertThat(Operators.of(result)).hasSize(2);
    }

    @Test
    void columnsNobodyNeedsAreNotReadFromFiles(@TempDir Path folder) {
        rows().withColumn("unused", col("id")).write().mode(SaveMode.Overwrite).parquet(folder.toString());
        Dataset<Row> result =
                spark.read().parquet(folder.toString()).where("id > 6").select(f.apply(col("x")));

        assertThat(values(result.orderBy("result"), 0)).containsExactly(12f, 13f, 14f);
        String plan = result.queryExecution().executedPlan().toString();
        assertThat(plan)
                .contains("ReadSchema: struct<id:bigint,x:array<float>>")
                .contains("GreaterThan(id,6)");
    }

    @Test
    void equalExchangesAreReused() {
        Dataset<Row> shuffled =
                rows().select(col("id"), f.apply(col("x")).as("y")).repartition(3, col("id"));
        Dataset<Row> result = shuffled.union(shuffled);

        assertThat(result.collectAsList()).hasSize(20);
        assertThat(result.queryExecution().executedPlan().toString()).contains("ReusedExchange");
        assertThat(Operators.batches(result)).isEqualTo(2);
    }

    @Test
    void streamIsBatched(@TempDir Path folder) throws TimeoutException {
        String input = folder.resolve("in").toString();
        rows().write().parquet(input);
        Dataset<Row> stream = spark.readStream()
                .schema(rows().schema())
                .parquet(input)
                .select(col("id"), f.apply(col("x")).as("y"))
                .where("y > 11");
        StreamingQuery query = stream.writeStream()
                .format("memory")
                .queryName("scored")
                .trigger(Trigger.AvailableNow())
                .start();
        query.processAllAvailable();

        assertThat(values(spark.table("scored").orderBy("id"), 1)).containsExactly(12f, 13f, 14f);
        query.stop();
        assertThat(Tessera.report(spark).operatorBatches()).isPositive();
        assertThat(Tessera.report(spark).singleRows()).isZero();
    }

    @Test
    void operatorHasItsMetrics() {
        Dataset<Row> result = rows().select(f.apply(col("x")));
        result.collect();

        var metrics = Operators.of(result).get(0).metrics();
        assertThat(ScalaInterop.list(metrics.keys()))
                .containsExactlyInAnyOrder(
                        "numOutputRows",
                        "batches",
                        "cpuBatches",
                        "gpuBatches",
                        "kernelTime",
                        "copyTime",
                        "bytesIn",
                        "bytesOut",
                        "kernelLaunches",
                        "blasCalls",
                        "recoveries",
                        "fallbacks",
                        "badRows");
        assertThat(metrics.apply("numOutputRows").value()).isEqualTo(10);
        // 3 floats a row.
        assertThat(metrics.apply("bytesIn").value()).isEqualTo(120);
        assertThat(metrics.apply("kernelTime").value()).isPositive();
        assertThat(metrics.apply("copyTime").value()).isPositive();
    }

    @Test
    void interpretedExpressionsGiveTheSameRows() {
        spark.conf().set("spark.sql.codegen.wholeStage", false);
        spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        try {
            Dataset<Row> result = rows().selectExpr("id", "array(x) as xs")
                    .select(org.apache
                            .spark
                            .sql
                            .functions
                            .transform(col("xs"), e -> f.apply(e))
                            .getItem(0));

            assertThat(values(result, 0)).containsExactly(5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f);
        } finally {
            spark.conf().unset("spark.sql.codegen.wholeStage");
            spark.conf().unset("spark.sql.codegen.factoryMode");
        }
    }

    @Test
    void everySettingHasADefaultAndALine() {
        assertThat(TensorConf.markdownRows().lines())
                .hasSize(TensorConf.values().length)
                .allSatisfy(
                        line -> assertThat(line).matches("\\| `spark\\.tessera\\.[\\w.]+` \\| `[^`]+` \\| .+\\. \\|"));
    }
}
