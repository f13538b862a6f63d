package dev.tessera.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The jars that packaging has made, and those of the Spark that they are made for. */
final class PackagedJars {
    private static final Path SPARK_CLASSPATH = Path.of("target/spark.classpath");

    private PackagedJars() {}

    /** Tessera with all that it needs, as it is given to Spark. */
    static Path bundle() throws IOException {
        return jar(Path.of("../spark-ext/target"), "tessera-spark_2\\.13-.*-bundle\\.jar");
    }

    static Path examples() throws IOException {
        return jar(Path.of("target"), "tessera-examples-[0-9.]+(-SNAPSHOT)?\\.jar");
    }

    static List<Path> spark() throws IOException {
        return Arrays.stream(Files.readString(SPARK_CLASSPATH).trim().split(";", -1))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .filter(path -> !path.getFileName().toString().startsWith("tessera-"))
                .toList();
    }

    private static Path jar(Path folder, String pattern) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("No %s in %s: package first".formatted(pattern, folder)))
                    .toRealPath();
        }
    }
}
