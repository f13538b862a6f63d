package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jars on a real cluster: submitted with SparkSubmit to a standalone master with two workers, and the rows
 * compared with those of a local session, though an executor is killed on the way. Runs after packaging, for it needs the jars.
 */
class StandaloneClusterIT {
    private static final int WORKERS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(200);

    private static List<String> submission(Class<?> example, String... arguments) throws IOException {
        List<String> submission = StandaloneCluster.submission(example.getName(), List.of(), Map.of());
        submission.add(PackagedJars.examples().toString());
        submission.addAll(List.of(arguments));
        return submission;
    }

    @Test
    @Timeout(480)
    void submittedToAClusterThatLosesAnExecutorTheRowsAreThoseOfALocalSession(@TempDir Path folder) throws Exception {
        Path there = folder.resolve("there");
        try (StandaloneCluster cluster = StandaloneCluster.start(
                folder, PackagedJars.spark(), Collections.nCopies(WORKERS, StandaloneCluster.Worker.PLAIN))) {
            cluster.submit(submission(ScoreFashionMnist.class, "--output", there.toString()));
            cluster.awaitOutput("2,500 of 10,000 rows", LIMIT);
            for (int worker = 0; worker < WORKERS; worker++) {
                assertThat(cluster.executorsOf(worker)).isEqualTo(1);
            }
            cluster.killExecutors(0);
            int exitValue = cluster.awaitEnd(LIMIT);
            assertThat(exitValue).as(cluster.log("submit")).isZero();
            assertThat(cluster.log("submit")).contains("Lost executor");
            assertTheDoctorAsksEveryExecutor(cluster);
        }
        assertThat(there.resolve("report.html")).isNotEmptyFile();
        try (SparkSession spark = ExampleSession.open()) {
            Path here = folder.resolve("here");
            ScoreFashionMnist.score(
                    spark, ExampleSession.options(here), FashionMnist.testImages(), ExampleSession.silence());
            ScoredRows.assertSame(ScoredRows.read(spark, there), ScoredRows.read(spark, here));
        }
    }

    private static void assertTheDoctorAsksEveryExecutor(StandaloneCluster cluster) throws Exception {
        cluster.submit(submission(Doctor.class, "--executors", "--device", "cpu"));
        int exitValue = cluster.awaitEnd(LIMIT);
        assertThat(exitValue).as(cluster.log("submit")).isZero();
        assertThat(cluster.log("submit"))
                .contains("executor 0, process", "executor 1, process", "trial ran on cpu (")
                .contains("works in 2 of 2 processes");
    }
}
