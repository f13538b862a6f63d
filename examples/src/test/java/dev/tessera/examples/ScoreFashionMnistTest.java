package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreFashionMnistTest {
    @Test
    void scoresTheTestImagesAsExpected(@TempDir Path folder) throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (SparkSession spark = ExampleSession.open()) {
            ScoreFashionMnist.Outcome outcome = ScoreFashionMnist.score(
                    spark,
                    ExampleSession.options(folder),
                    FashionMnist.testImages(),
                    new PrintStream(printed, true, StandardCharsets.UTF_8));

            assertMatrix(outcome.matrix());
            assertReceipt(outcome);
            assertFirstRows(spark, outcome.rows());
            assertPage(Files.readString(outcome.page()));
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "of 10,000 correct, accuracy 0.89",
                        "rows per second (making them",
                        "rows per second and core",
                        "10,000 of 10,000 rows",
                        "Ankle boot")
                .contains("cpu", "gemm", "bad rows", "fallbacks");
    }

    private static void assertMatrix(ConfusionMatrix matrix) throws IOException {
        assertThat(matrix.total()).isEqualTo(10_000);
        assertThat(matrix.correct())
                .isBetween(
                        ExpectedScores.CORRECT - ExpectedScores.CORRECT_TOLERANCE,
                        ExpectedScores.CORRECT + ExpectedScores.CORRECT_TOLERANCE);
        List<Double> expected = ExpectedScores.confusion();
        for (int label = 0; label < 10; label++) {
            assertThat(matrix.total(label)).isEqualTo(1000);
            for (int predicted = 0; predicted < 10; predicted++) {
                assertThat((double) matrix.count(label, predicted))
                        .isCloseTo(expected.get(10 * label + predicted), within(2.0));
            }
        }
    }

    private static void assertReceipt(ScoreFashionMnist.Outcome outcome) {
        outcome.report().assertRanOn(Device.CPU);
        assertThat(outcome.report().receipt().rowCount()).isEqualTo(10_000);
        assertThat(outcome.report().receipt().fallbacksByReason()).isEmpty();
        assertThat(outcome.report().operatorBatches()).isBetween(4L, 40L);
        assertThat(outcome.report().singleRows()).isZero();
        assertThat(outcome.report().badRows()).isZero();
        // Three layers in every batch.
        assertThat(outcome.report().receipt().stepsByKind())
                .containsEntry("gemm", 3 * outcome.report().operatorBatches());
        assertThat(outcome.report().receipt().bytesIn()).isEqualTo(10_000L * 784 * 4);
        // Ten probabilities and the class.
        assertThat(outcome.report().receipt().bytesOut()).isEqualTo(10_000L * (10 + 1) * 4);
    }

    private static void assertFirstRows(SparkSession spark, Path rows) throws IOException {
        List<Double> expected = ExpectedScores.firstProbabilities();
        List<Row> first = spark.read()
                .parquet(rows.toString())
                .where("image < 3")
                .orderBy("image")
                .select("probabilities")
                .collectAsList();
        assertThat(first).hasSize(3);
        for (int i = 0; i < 30; i++) {
            float found = first.get(i / 10).<Float>getList(0).get(i % 10);
            // They are given to six digits.
            assertThat((double) found).isCloseTo(expected.get(i), within(2e-6));
        }
    }

    private static void assertPage(String page) {
        assertThat(page)
                .contains("Confusion matrix", "data:image/png;base64,", "<svg", "matmul", "graph after rewriting");
        assertThat(page.split("class=\"card\"", -1)).hasSize(1 + 12);
        assertThat(page).doesNotContain("src=\"http", "href=", "<script");
    }

    @Test
    void aSessionWithoutTesseraIsToldWhatToAdd(@TempDir Path folder) throws IOException {
        try (SparkSession spark = ExampleSession.builder().getOrCreate()) {
            assertThatThrownBy(() -> ScoreFashionMnist.score(
                            spark, ExampleSession.options(folder), FashionMnist.testImages(), ExampleSession.silence()))
                    .isInstanceOf(ExampleException.class)
                    .hasMessageContaining("spark.sql.extensions=dev.tessera.TesseraExtensions");
        }
    }

    @Test
    void repeatedImagesAreScoredAsOften(@TempDir Path folder) throws IOException {
        Path images = oneImage(folder);
        ScoreOptions options = ScoreOptions.parse(
                List.of("--images", images.toString(), "--repeat", "300", "--output", folder.toString()));
        try (SparkSession spark = ExampleSession.open()) {
            ScoreFashionMnist.Outcome outcome =
                    ScoreFashionMnist.score(spark, options, options.read(), ExampleSession.silence());

            assertThat(outcome.matrix().total()).isEqualTo(300);
            assertThat(outcome.page()).isNotEmptyFile();
        }
    }

    /** A data set of one black image. */
    private static Path oneImage(Path folder) throws IOException {
        byte[] image = new byte[16 + FashionMnist.PIXELS];
        System.arraycopy(new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28}, 0, image, 0, 16);
        Files.write(folder.resolve("train-images-idx3-ubyte"), image);
        Files.write(folder.resolve("train-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 9});
        return folder.resolve("train-images-idx3-ubyte");
    }
}
