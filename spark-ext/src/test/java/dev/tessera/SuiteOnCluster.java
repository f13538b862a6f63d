package dev.tessera;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import org.apache.spark.sql.SparkSession;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** An application for spark-submit that runs test classes, named by its arguments, in the session of the cluster. */
public final class SuiteOnCluster {
    private SuiteOnCluster() {}

    public static void main(String[] classes) throws IOException {
        TestExecutionSummary summary;
        // What SparkSessions finds, and therefore uses.
        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            summary = run(classes);
            System.out.printf(
                    "%d tests on %s, %d failed, %d skipped%n",
                    summary.getTestsSucceededCount() + summary.getTestsFailedCount(),
                    spark.sparkContext().master(),
                    summary.getTotalFailureCount(),
                    summary.getTestsSkippedCount() + summary.getTestsAbortedCount());
        }
        if (summary.getTotalFailureCount() > 0) {
            throw new AssertionError(summary.getTotalFailureCount() + " failed");
        }
    }

    private static TestExecutionSummary run(String[] classes) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
                .build();
        LauncherFactory.create().execute(request, listener);
        listener.getSummary().printFailuresTo(new PrintWriter(System.out, true));
        return listener.getSummary();
    }
}
