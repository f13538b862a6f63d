package dev.tessera.examples;

import dev.tessera.TensorFunction;
import dev.tessera.TensorReport;
import dev.tessera.Tessera;
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
 * Theano's test of whether a GPU is used: exponentials of 10 × 30 × 768 float32 numbers, over and over. What it prints at
 * the end is counted by the device that did the work; the graph, the settings or a GPU that is merely there say nothing.
 */
public final class DetectGpu {
    private static final int WIDTH = 768;
    private static final int ROWS = 300;
    private static final int ITERATIONS = 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private DetectGpu() {}

    public static void main(String[] arguments) {
        ExampleRun.main("detect-gpu", SparkSession.builder(), spark -> detect(spark, ITERATIONS, System.out));
    }

    /** The expression: {@code exp(x)} of a row of 768 numbers. */
    static TensorFunction function() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(WIDTH));
        return TensorFunction.compile(x.exp(), x);
    }

    /** @throws ExampleException if a number is wrong */
    static TensorReport detect(SparkSession spark, int iterations, PrintStream out) {
        TensorFunction exp = function();
        // From 0 to below 1.
        Dataset<Row> rows = spark.range((long) ROWS * iterations)
                .selectExpr(
                        "id",
                        "transform(sequence(1, %d), i -> float((id * 769 + i * 31) %% 1000 / 1000)) AS x"
                                .formatted(WIDTH));
        long start = System.nanoTime();
        List<Row> result = rows.withColumn("y", exp.apply(functions.col("x")))
                .selectExpr(
                        "count(*)",
                        "max(if(id < %d, array_max(transform(sequence(0, %d), i -> abs(y[i] - exp(double(x[i]))))), 0D))"
                                .formatted(ROWS, WIDTH - 1),
                        "min(array_min(y))")
                .collectAsList();
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        TensorReport report = Tessera.report(spark);
        double error = result.get(0).getDouble(1);
        // 1 ulp of numbers below 4 is 2^-22. Spark's own exponentials are slow: they check the first iteration.
        if (!(error <= Math.scalb(1.0, -22)) || result.get(0).getFloat(2) < 1) {
            throw ExampleException.failure(
                    "exp is wrong by %s; this is a bug, and here is what ran:%n%s".formatted(error, report));
        }
        out.printf(
                Locale.ROOT,
                "%,d exponentials in %,d rows took %.2f s, most of them Spark's; the largest error is %.1e%n%n%s%n%s%n",
                (long) WIDTH * ROWS * iterations,
                result.get(0).getLong(0),
                seconds,
                error,
                report,
                RanOn.text(report));
        return report;
    }
}
