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
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Multiplies two symbolic float32 matrices of 1000 × 1000, applied to rows of a DataFrame: on a GPU where one works, else on
 * the CPU, with the same result. The entries are small whole numbers, so every sum is exact in whatever order it is taken.
 */
public final class MultiplyMatrices {
    static final int SIZE = 1000;
    private static final int ROWS = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private MultiplyMatrices() {}

    public static void main(String[] arguments) {
        ExampleRun.main("multiply-matrices", SparkSession.builder(), spark -> multiply(spark, System.out));
    }

    static TensorFunction function() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(SIZE), Dim.of(SIZE));
        Variable y = Tensors.variable("y", DType.FLOAT32, Dim.of(SIZE), Dim.of(SIZE));
        return TensorFunction.compile(x.matmul(y), x, y);
    }

    /** @throws ExampleException if an entry is wrong */
    static TensorReport multiply(SparkSession spark, PrintStream out) {
        MapFunction<Long, MatrixPair> pair = MultiplyMatrices::pair;
        Dataset<Row> rows = spark.range(0, ROWS, 1, ROWS)
                .map(pair, Encoders.bean(MatrixPair.class))
                .toDF();
        long start = System.nanoTime();
        List<Row> found = rows.withColumn("product", function().apply(matrix("left"), matrix("right")))
                // Declared flat, as its inputs are: the first and the last row of it.
                .selectExpr(
                        "number",
                        "slice(product, 1, %d)".formatted(SIZE),
                        "slice(product, -%1$d, %1$d)".formatted(SIZE))
                .orderBy("number")
                .collectAsList();
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        TensorReport report = Tessera.report(spark);
        for (Row row : found) {
            check(row.getLong(0), 0, row.getList(1));
            check(row.getLong(0), SIZE - 1, row.getList(2));
        }
        out.printf(
                Locale.ROOT,
                "%d products of %d x %d float32 matrices took %.2f s with all that Spark does; their entries are"
                        + " right%n%n%s%n%s%n",
                found.size(),
                SIZE,
                SIZE,
                seconds,
                report,
                RanOn.text(report));
        return report;
    }

    private static Column matrix(String column) {
        return functions.call_function(
                "tensor_column", functions.col(column), functions.lit("float32[%d, %d]".formatted(SIZE, SIZE)));
    }

    private static MatrixPair pair(long number) {
        float[] left = new float[SIZE * SIZE];
        float[] right = new float[SIZE * SIZE];
        for (int i = 0; i < SIZE; i++) {
            for (int j = 0; j < SIZE; j++) {
                left[i * SIZE + j] = left(number, i, j);
                right[i * SIZE + j] = right(i, j);
            }
        }
        MatrixPair pair = new MatrixPair();
        pair.setNumber(number);
        pair.setLeft(left);
        pair.setRight(right);
        return pair;
    }

    /** From -3 to 3. */
    private static int left(long number, int row, int column) {
        return (int) ((number + row + 2L * column) % 7) - 3;
    }

    /** From -2 to 2: sums of 1000 products are at most 6000, far below 2^24. */
    private static int right(int row, int column) {
        return (3 * row + column) % 5 - 2;
    }

    private static void check(long number, int row, List<Float> found) {
        for (int column = 0; column < SIZE; column++) {
            int expected = 0;
            for (int k = 0; k < SIZE; k++) {
                expected += left(number, row, k) * right(k, column);
            }
            if (found.get(column) != expected) {
                throw ExampleException.failure("Product %d is wrong at [%d, %d]: it is %s, and %d is right"
                        .formatted(number, row, column, found.get(column), expected));
            }
        }
    }
}
