package dev.tessera.examples;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Sessions as spark-submit makes them for the examples, on two cores of this JVM. */
final class ExampleSession {
    private ExampleSession() {}

    static SparkSession open() {
        return builder()
                .config("spark.sql.extensions", "dev.tessera.TesseraExtensions")
                .getOrCreate();
    }

    /** One that has no Tessera. */
    static SparkSession.Builder builder() {
        return SparkSession.builder()
                .master("local[2]")
                .appName("examples")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.warehouse.dir", "target/warehouse");
    }

    static ScoreOptions options(Path output) {
        return new ScoreOptions(null, 1, output, false);
    }

    static PrintStream silence() {
        return new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }
}
