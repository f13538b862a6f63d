package dev.tessera.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The largest differences that the conformance table has shown, measured by its {@code Differences} and kept in a file. */
final class SeenDifferences {
    private static final Path FILE = Path.of("../spark-ext/src/test/resources/dev/tessera/conformance/differences.tsv");

    private SeenDifferences() {}

    /**
     * The cells of the CPU and of the simulated GPU, as shares of the bound, over all rows of the conformance table whose names
     * start with a text.
     *
     * @throws IllegalStateException if there is none: an op without a measurement
     */
    static String cells(String rows) {
        double[] largest = {-1, -1};
        for (String line : lines()) {
            String[] fields = line.split("\t", -1);
            if (fields[0].startsWith(rows)) {
                largest[0] = Math.max(largest[0], Double.parseDouble(fields[1]));
                largest[1] = Math.max(largest[1], Double.parseDouble(fields[2]));
            }
        }
        if (largest[0] < 0) {
            throw new IllegalStateException("No row of %s starts with '%s'; measure again".formatted(FILE, rows));
        }
        return text(largest[0]) + " | " + text(largest[1]);
    }

    private static String text(double share) {
        return share == 0 ? "0" : String.format(Locale.ROOT, "%.2f", share);
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
