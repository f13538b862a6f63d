package dev.tessera.examples;

import dev.tessera.TensorFunction;
import dev.tessera.TensorReport;
import dev.tessera.Tessera;
import dev.tessera.runtime.Receipt;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Scores images of Fashion-MNIST with a neural network: reads them into a DataFrame, adds a column of probabilities and
 * the predicted class, writes the rows as Parquet and a page about them, and says how well and how fast it went.
 */
public final class ScoreFashionMnist {
    private static final int ROWS_PER_PARTITION = 2500;
    private static final double NANOS_PER_SECOND = 1e9;

    private final SparkSession spark;
    private final ScoreOptions options;
    private final PrintStream out;

    private ScoreFashionMnist(SparkSession spark, ScoreOptions options, PrintStream out) {
        this.spark = spark;
        this.options = options;
        this.out = out;
    }

    /** What came of it: for whom counts on it, as this is printed too. */
    record Outcome(ConfusionMatrix matrix, TensorReport report, Path rows, Path page) {}

    public static void main(String[] arguments) {
        try {
            ScoreOptions options = ScoreOptions.parse(List.of(arguments));
            if (options.help()) {
                System.out.print(ScoreOptions.USAGE);
                return;
            }
            options.checkOutput();
            FashionMnist images = options.read();
            SparkSession spark =
                    SparkSession.builder().appName("score-fashion-mnist").getOrCreate();
            try {
                score(spark, options, images, System.out);
            } finally {
                spark.stop();
            }
        } catch (ExampleException e) {
            System.err.println(e.getMessage());
            System.exit(e.exitStatus());
        }
    }

    /**
     * Scores images in a session that has Tessera.
     *
     * @throws ExampleException if the session has it not, or a result cannot be written
     */
    static Outcome score(SparkSession spark, ScoreOptions options, FashionMnist images, PrintStream out) {
        return new ScoreFashionMnist(spark, options, out).score(images);
    }

    private Outcome score(FashionMnist images) {
        TensorFunction perceptron = TensorFunction.compile(Perceptron.graph());
        long rowCount = (long) images.count() * options.repeat();
        Dataset<Row> scored = scored(perceptron, rows(images, rowCount));
        Path file = options.output().resolve("scored.parquet");
        out.printf(
                Locale.ROOT,
                "Scoring %,d images on %s%n",
                rowCount,
                spark.sparkContext().master());

        double seconds = write(scored, file, rowCount);
        TensorReport report = Tessera.report(spark);
        Dataset<Row> written = spark.read().parquet(file.toString());
        ConfusionMatrix matrix = ConfusionMatrix.of(written);
        String speed = speed(rowCount, seconds, report.receipt());

        out.printf("%n%s%n%n%s%n%n%s%n%n%s%n%n", matrix.accuracy(), matrix, speed, report);
        Path page = options.output().resolve("report.html");
        try {
            new ScorePage(images, perceptron).write(page, matrix, written, List.of(speed, report.toString()));
        } catch (IOException e) {
            throw ExampleException.failure("Cannot write %s: %s".formatted(page, e.getMessage()), e);
        }
        out.printf("Scored rows: %s%nPage:        %s%n", file.toAbsolutePath(), page.toAbsolutePath());
        return new Outcome(matrix, report, file, page);
    }

    /** Rows per second of the whole job, and of what Tessera does in it on each core: copying rows in and out, and kernels. */
    private static String speed(long rowCount, double seconds, Receipt receipt) {
        double scoring = (receipt.kernelNanos() + receipt.copyNanos()) / NANOS_PER_SECOND;
        return String.format(
                Locale.ROOT,
                "whole job  %,d rows in %.2f s: %,.0f rows per second (making them, scoring them, writing Parquet)%n"
                        + "scoring    %.2f s of one core: %,.0f rows per second and core",
                rowCount,
                seconds,
                rowCount / seconds,
                scoring,
                rowCount / scoring);
    }

    /** A row for each image, over and over until there are enough; made where they are scored. */
    private Dataset<Row> rows(FashionMnist images, long rowCount) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<byte[]> pixels = context.broadcast(images.pixels());
        Broadcast<byte[]> labels = context.broadcast(images.labels());
        long partitions =
                Math.max(context.defaultParallelism(), (rowCount + ROWS_PER_PARTITION - 1) / ROWS_PER_PARTITION);
        MapFunction<Long, Image> image = row -> image(row, pixels.value(), labels.value());
        return spark.range(0, rowCount, 1, (int) Math.min(partitions, Integer.MAX_VALUE))
                .map(image, Encoders.bean(Image.class))
                .select("image", "pixels", "label");
    }

    private static Image image(long row, byte[] pixels, byte[] labels) {
        int index = (int) (row % labels.length);
        float[] scaled = new float[FashionMnist.PIXELS];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (pixels[index * FashionMnist.PIXELS + i] & 0xff) / 255f;
        }
        Image image = new Image();
        image.setImage(index);
        image.setPixels(scaled);
        image.setLabel(labels[index]);
        return image;
    }

    private static Dataset<Row> scored(TensorFunction perceptron, Dataset<Row> images) {
        Column score;
        try {
            score = perceptron.apply(functions.col("pixels"));
        } catch (IllegalStateException e) {
            // The session has no Tessera: the message says what to add.
            throw ExampleException.failure(String.valueOf(e.getMessage()), e);
        }
        return images.withColumn("score", score)
                .select("image", "pixels", "label", "score.probabilities", "score.predicted");
    }

    /** Writes the rows; how many seconds it took. */
    private double write(Dataset<Row> scored, Path file, long rowCount) {
        long start = System.nanoTime();
        try (ProgressBar bar = new ProgressBar(out, ProgressBar.hasTerminal(), rowCount)) {
            spark.sparkContext().addSparkListener(bar);
            try {
                scored.write().mode(SaveMode.Overwrite).parquet(file.toString());
                bar.complete();
            } finally {
                spark.sparkContext().removeSparkListener(bar);
            }
        }
        return (System.nanoTime() - start) / NANOS_PER_SECOND;
    }
}
