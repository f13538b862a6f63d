package dev.tessera.examples;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ScoreFashionMnist} is asked to do.
 *
 * @param images where to read images from, or null for those that come with the example
 * @param repeat how often to score them all
 * @param output the folder to write to
 * @param help whether only to show the options
 */
record ScoreOptions(@Nullable Path images, int repeat, Path output, boolean help) {
    static final String OUTPUT_VARIABLE = "TESSERA_EXAMPLES_OUTPUT";
    static final String USAGE = """
        score-fashion-mnist: scores images of Fashion-MNIST with a neural network 784-256-128-10.

          --images PATH   images to score instead of the 10,000 test images: a folder with train-images-idx3-ubyte.gz
                          and train-labels-idx1-ubyte.gz, or an images file with its labels beside it
                          (Debian: apt-get install dataset-fashion-mnist; /usr/share/datasets/fashion-mnist)
          --repeat N      score them N times over, for a long job
          --output DIR    where to write the scored rows (scored.parquet) and the page (report.html); on a cluster, a
                          folder that every machine sees
          --help          this text
        """;

    private static final String NAME = "score-fashion-mnist";
    private static final String HELP = "examples/run.sh " + NAME + " --help";
    private static final int MAX_REPEAT = 1_000_000;

    /**
     * Reads a command line.
     *
     * @throws ExampleException if it is not understood
     */
    static ScoreOptions parse(List<String> arguments) {
        Path images = null;
        int repeat = 1;
        Path output = defaultOutput();
        boolean help = false;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String argument = left.remove();
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            if (equals > 0) {
                left.push(argument.substring(equals + 1));
                argument = argument.substring(0, equals);
            }
            switch (argument) {
                case "--images" -> images = path(argument, value(argument, left));
                case "--repeat" -> repeat = count(value(argument, left));
                case "--output" -> output = path(argument, value(argument, left));
                case "--help", "-h" -> help = true;
                default ->
                    throw ExampleException.usage("Cannot understand option %s: see %s".formatted(argument, HELP));
            }
        }
        return new ScoreOptions(images, repeat, output, help);
    }

    private static Path defaultOutput() {
        String folder = System.getenv(OUTPUT_VARIABLE);
        return Path.of(folder == null ? "." : folder, NAME);
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty() || left.element().isEmpty()) {
            throw ExampleException.usage("Cannot use %s: it needs a value, see %s".formatted(option, HELP));
        }
        return left.remove();
    }

    private static Path path(String option, String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw ExampleException.usage("Cannot use %s %s: %s".formatted(option, value, e.getMessage()));
        }
    }

    private static int count(String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 1 && count <= MAX_REPEAT) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is out of range.
        }
        throw ExampleException.usage(
                "Cannot use --repeat %s: it needs a number from 1 to %d".formatted(value, MAX_REPEAT));
    }

    FashionMnist read() {
        return images == null ? FashionMnist.testImages() : FashionMnist.at(images);
    }

    /**
     * Makes the output folder, and a file in it, before any work is done for nothing.
     *
     * @throws ExampleException if it cannot be written to
     */
    void checkOutput() {
        try {
            Files.createDirectories(output);
            Files.delete(Files.createTempFile(output, ".writable", ""));
        } catch (IOException e) {
            throw ExampleException.failure(
                    "Cannot write to %s: %s; name another folder with --output"
                            .formatted(output.toAbsolutePath(), reason(e)),
                    e);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "it is a file, not a folder";
        }
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e.getClass()
                        .getSimpleName()
                        .replace("Exception", "")
                        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT);
    }
}
