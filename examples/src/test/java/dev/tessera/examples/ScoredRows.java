package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What {@link ScoreFashionMnist} has written in two sessions. */
final class ScoredRows {
    // Products of another batch may be summed in another order: 2^-23 times the longest sum is far below this.
    private static final double TOLERANCE = 1e-4;

    private ScoredRows() {}

    static List<Row> read(SparkSession spark, Path output) {
        return spark.read()
                .parquet(output.resolve("scored.parquet").toString())
                .selectExpr("image", "label", "predicted", "probabilities", "xxhash64(pixels)")
                .orderBy("image")
                .collectAsList();
    }

    static void assertSame(List<Row> there, List<Row> here) {
        assertThat(there).hasSize(10_000).hasSameSizeAs(here);
        for (int i = 0; i < here.size(); i++) {
            Row expected = here.get(i);
            Row found = there.get(i);
            assertThat(List.of(found.get(0), found.get(1), found.get(4)))
                    .isEqualTo(List.of(expected.get(0), expected.get(1), expected.get(4)));
            assertSameScore(found.getList(3), expected.getList(3));
            if (found.getInt(2) != expected.getInt(2)) {
                // Only a tie within the tolerance may be broken in another way.
                List<Float> probabilities = expected.getList(3);
                assertThat((double) probabilities.get(found.getInt(2)))
                        .isCloseTo(probabilities.get(expected.getInt(2)), within(TOLERANCE));
            }
        }
    }

    private static void assertSameScore(List<Float> found, List<Float> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int k = 0; k < expected.size(); k++) {
            assertThat((double) found.get(k)).isCloseTo(expected.get(k), within(TOLERANCE));
        }
    }
}
