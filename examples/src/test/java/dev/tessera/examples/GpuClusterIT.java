package dev.tessera.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.SuiteOnCluster;
import dev.tessera.cuda.driver.RealNvrtc;
import dev.tessera.sim.SimulatedCuda;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jars on a cluster whose workers have a simulated GPU each: Spark gives it to an executor and its tasks, they run
 * on that one, and leave nothing there.
 */
@ExtendWith(SimulatedCuda.class)
class GpuClusterIT {
    private static final int WORKERS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(300);
    /** Suites of queries that ask nothing of the JVM of the driver that a cluster's does not have. */
    private static final List<String> SUITES = List.of(
            "BatchesTest",
            "QueryPositionsTest",
            "EncodedColumnsTest",
            "FilterOrderTest",
            "OddRowsTest",
            "RandomQueriesTest",
            "QueryLifeTest");

    @TempDir
    private Path folder;

    /** Needs no compiler of kernels: the application multiplies matrices, and checks every entry that it looks at. */
    @Test
    @Timeout(480)
    void everyExecutorRunsOnTheGpuThatSparkGaveItAndLeavesNothingThere() throws Exception {
        GpuWorkers workers = new GpuWorkers(WORKERS, folder);
        List<String> submission = workers.submission(MultiplyMatrices.class.getName(), List.of(), Map.of());
        submission.add(PackagedJars.examples().toString());
        String printed;
        try (StandaloneCluster cluster = StandaloneCluster.start(folder, PackagedJars.spark(), workers.all())) {
            cluster.submit(submission);
            printed = awaitSuccess(cluster);
        }
        assertThat(printed).contains("entries are right");
        workers.assertAllRan(printed);
        assertThat(workers.assertNothingLeft().stream().filter(line -> line.matches("products=[1-9]\\d*")))
                .hasSize(WORKERS);
    }

    @Test
    @Timeout(480)
    void scoresImagesThoughAnExecutorIsKilled() throws Exception {
        RealNvrtc.assumed();
        GpuWorkers workers = new GpuWorkers(WORKERS, folder);
        Path there = folder.resolve("there");
        List<String> submission = workers.submission(ScoreFashionMnist.class.getName(), List.of(), Map.of());
        submission.addAll(List.of(PackagedJars.examples().toString(), "--output", there.toString()));
        String printed;
        try (StandaloneCluster cluster = StandaloneCluster.start(folder, PackagedJars.spark(), workers.all())) {
            cluster.submit(submission);
            cluster.awaitOutput("2,500 of 10,000 rows", LIMIT);
            cluster.killExecutors(0);
            printed = awaitSuccess(cluster);
        }
        assertThat(printed).contains("Lost executor");
        // The one that takes the place of the killed one may come too late for a task.
        GpuWorkers.assertNothingElseRan(printed);
        workers.assertNothingLeft();
        try (SparkSession spark = ExampleSession.open()) {
            Path here = folder.resolve("here");
            ScoreFashionMnist.score(
                    spark, ExampleSession.options(here), FashionMnist.testImages(), ExampleSession.silence());
            ScoredRows.assertSame(ScoredRows.read(spark, there), ScoredRows.read(spark, here));
        }
    }

    @Test
    @Timeout(480)
    void runsTheSuitesOfQueries() throws Exception {
        RealNvrtc.assumed();
        GpuWorkers workers = new GpuWorkers(WORKERS, folder);
        Map<String, String> settings = Map.of(
                "spark.sql.shuffle.partitions", "2",
                "spark.sql.session.timeZone", "UTC",
                "spark.unsafe.exceptionOnMemoryLeak", "true",
                "spark.driver.extraJavaOptions", "-ea");
        List<String> submission = workers.submission(SuiteOnCluster.class.getName(), testJars(), settings);
        submission.add(jarOf(SuiteOnCluster.class).toString());
        SUITES.forEach(suite -> submission.add(SuiteOnCluster.class.getPackageName() + "." + suite));
        String printed;
        try (StandaloneCluster cluster = StandaloneCluster.start(folder, PackagedJars.spark(), workers.all())) {
            cluster.submit(submission);
            printed = awaitSuccess(cluster);
        }
        assertThat(printed).containsPattern("[1-9]\\d+ tests on spark://[^,]+, 0 failed, 0 skipped");
        workers.assertNothingLeft();
    }

    private static String awaitSuccess(StandaloneCluster cluster) throws IOException, InterruptedException {
        int exitValue = cluster.awaitEnd(LIMIT);
        String printed = cluster.log("submit");
        assertThat(exitValue).as(printed).isZero();
        cluster.awaitEndOfExecutors(LIMIT);
        return printed;
    }

    /** What the suites need beside Spark and Tessera. */
    private static List<Path> testJars() throws IOException, ClassNotFoundException {
        Set<Path> jars = new LinkedHashSet<>();
        for (String type : List.of(
                "dev.tessera.sim.SimulatedCuda",
                "org.junit.jupiter.api.Test",
                "org.junit.jupiter.params.ParameterizedTest",
                "org.junit.jupiter.engine.JupiterTestEngine",
                "org.junit.platform.launcher.Launcher",
                "org.junit.platform.engine.TestEngine",
                "org.junit.platform.commons.JUnitException",
                "org.opentest4j.AssertionFailedError",
                "org.assertj.core.api.Assertions",
                "net.bytebuddy.ByteBuddy",
                "org.apache.spark.ml.linalg.SQLDataTypes",
                "org.apache.spark.ml.linalg.Vectors",
                "breeze.linalg.Vector")) {
            jars.add(jarOf(Class.forName(type)));
        }
        return List.copyOf(jars);
    }

    private static Path jarOf(Class<?> type) throws IOException {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toRealPath();
    }
}
