package dev.tessera.examples;

import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** Runs an example in the session that spark-submit configured, and ends with its exit status. */
final class ExampleRun {
    private ExampleRun() {}

    static void main(String name, SparkSession.Builder builder, Consumer<SparkSession> example) {
        try {
            SparkSession spark = builder.appName(name).getOrCreate();
            try {
                example.accept(spark);
            } finally {
                spark.stop();
            }
        } catch (ExampleException e) {
            System.err.println(e.getMessage());
            System.exit(e.exitStatus());
        }
    }
}
