package dev.tessera;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import dev.tessera.catalyst.ScalaInterop;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.IOException;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A job of rows of 1 MiB, run by {@link SmallHeapTest} in a JVM with a small heap: with the plugin, and with Kryo refusing
 * what is not registered; what Spark itself writes in this job, Spark registers. Prints what came out.
 */
public final class SmallHeapJob {
    private static final int ROWS = 400;
    private static final int PAYLOAD = 1 << 20;

    private SmallHeapJob() {}

    public static void main(String[] args) throws IOException {
        try (SparkSession spark = session()) {
            Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(3));
            TensorFunction f = TensorFunction.compile(
                    x.mul(Tensors.constant(new float[] {1, 2, 3})).sum(), x);
            Dataset<Row> wide = spark.range(0, ROWS, 1, 2)
                    .selectExpr(
                            "id",
                            "array(float(id), 1F, 2F) AS x",
                            "repeat(string(id %% 10), %d) AS payload".formatted(PAYLOAD))
                    // So that the payload is a column of what the operator reads, not an expression above it.
                    .repartition(2);
            Dataset<Row> weights = spark.range(ROWS).selectExpr("id AS key", "1D AS weight");
            Row sums = wide.withColumn("y", f.apply(col("x")))
                    .join(broadcast(weights), col("id").equalTo(col("key")))
                    .selectExpr("sum(length(payload))", "sum(weight * y)")
                    .first();
            TensorReport report = Tessera.report(spark);
            System.out.printf(
                    "payload %d, sum %.1f, rows %d, batches %d, rows in the metric system %d%n",
                    sums.getLong(0),
                    sums.getDouble(1),
                    report.receipt().rowCount(),
                    report.receipt().batchCount(),
                    metric("rows"));
        }
    }

    /** What Spark's metric system has of the plugin. */
    private static long metric(String name) {
        return ScalaInterop.list(
                        SparkEnv.get().metricsSystem().getSourcesByName("plugin." + TesseraPlugin.class.getName()))
                .stream()
                .map(source ->
                        (Long) source.metricRegistry().getGauges().get(name).getValue())
                .findFirst()
                .orElseThrow();
    }

    private static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.unsafe.exceptionOnMemoryLeak", true)
                .config("spark.sql.extensions", TesseraExtensions.class.getName())
                .config("spark.plugins", TesseraPlugin.class.getName())
                .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .config("spark.kryo.registrationRequired", true)
                .config("spark.kryo.registrator", TesseraKryoRegistrator.class.getName())
                .getOrCreate();
    }
}
