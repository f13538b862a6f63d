package dev.tessera.examples;

import dev.tessera.Device;
import dev.tessera.DeviceReport;
import dev.tessera.TensorFunction;
import dev.tessera.TensorReport;
import dev.tessera.Tessera;
import dev.tessera.compile.CompileOptions;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Runs on a GPU or not at all: {@code spark.tessera.device=gpu}, with {@code double} columns for a float32 function, which
 * {@code allowInputDowncast} lets in. Where no GPU works it stops before the first row, and says what to fix.
 */
public final class ForceGpu {
    private static final int WIDTH = 100;
    private static final int ROWS = 2000;

    private ForceGpu() {}

    public static void main(String[] arguments) {
        SparkSession.Builder builder = SparkSession.builder().config("spark.tessera.device", "gpu");
        ExampleRun.main("force-gpu", builder, spark -> run(spark, System.out));
    }

    static TensorFunction function() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(WIDTH));
        return TensorFunction.compile(
                CompileOptions.DEFAULT.withInputDowncast(), x.mul(x).mul(0.5f).add(x), x);
    }

    /**
     * In a session whose {@code spark.tessera.device} is gpu.
     *
     * @throws ExampleException if no GPU works, or a number is wrong
     */
    static TensorReport run(SparkSession spark, PrintStream out) {
        for (DeviceReport report : DeviceReport.ofExecutors(spark, "gpu")) {
            if (!report.works()) {
                throw ExampleException.failure(
                        "Cannot force the use of a GPU: none works in %s. First to fix: %s%nNo row was computed."
                                .formatted(report.process(), report.firstToFix()));
            }
        }
        Dataset<Row> rows = spark.range(ROWS)
                .selectExpr("transform(sequence(1, %d), i -> double((id * 7 + i) %% 1000) / 3) AS x".formatted(WIDTH));
        // What float32 gives, step by step: narrowed to the nearest float, and each result rounded.
        List<Row> result = rows.withColumn("y", function().apply(functions.col("x")))
                .selectExpr(
                        "count(*)",
                        "sum(size(filter(sequence(0, %d), i -> abs(y[i] - (float(x[i]) * float(x[i]) * 0.5F + float(x[i])))"
                                        .formatted(WIDTH - 1)
                                + " > abs(y[i]) * 2.4e-7)))")
                .collectAsList();
        TensorReport report = Tessera.report(spark);
        long wrong = result.get(0).getLong(1);
        report.assertRanOn(Device.GPU);
        if (wrong > 0) {
            throw ExampleException.failure("%d numbers are wrong; this is a bug:%n%s".formatted(wrong, report));
        }
        out.printf(
                Locale.ROOT,
                "%,d rows of doubles went through a float32 function on a GPU; its results are right%n%n%s%n%s%n",
                result.get(0).getLong(0),
                report,
                RanOn.text(report));
        return report;
    }
}
