package dev.tessera.plugin;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration keys of Tessera, each with its default and a line of documentation. */
public enum TensorConf {
    DEVICE(
            "spark.tessera.device",
            "auto",
            "`cpu`, `gpu`, or `auto`: a GPU where there is one that works, else the CPU. Set when Spark starts."),
    BATCH_MAX_ROWS(
            "spark.tessera.batch.maxRows",
            "1024",
            "The most rows that are evaluated at once. May be set in a running session."),
    BATCH_MAX_BYTES(
            "spark.tessera.batch.maxBytes",
            "33554432",
            "The most bytes that a batch takes on the heap and outside it: inputs, intermediate values, results and"
                    + " the columns that pass through. One row may take more. May be set in a running session."),
    FUNCTION(
            "spark.tessera.functions.NAME",
            "none",
            "The file of a saved function, in any file system that Spark reads; SQL in every session calls it `NAME`."
                    + " Set when Spark starts."),
    OPENBLAS(
            "spark.tessera.cpu.openblas.enabled",
            "true",
            "Whether matrix products run on OpenBLAS where it loads; else in Java. Set when Spark starts."),
    CONSTANT_BYTES(
            "spark.tessera.cpu.maxConstantBytes",
            "134217728",
            "The bytes that an executor keeps of constants, and of what is computed from them, for tasks to come; what"
                    + " running tasks use is kept anyway. Set when Spark starts."),
    LIBRARY_CACHE(
            "spark.tessera.cpu.libraryCache",
            "a new folder",
            "The folder that native libraries are unpacked to, kept from run to run. Set when Spark starts.");

    /** What every key starts with. */
    public static final String PREFIX = "spark.tessera.";

    private final String key;
    private final String defaultValue;
    private final String doc;

    TensorConf(String key, String defaultValue, String doc) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.doc = doc;
    }

    public String key() {
        return key;
    }

    public String defaultValue() {
        return defaultValue;
    }

    public String doc() {
        return doc;
    }

    /**
     * The value as a positive whole number.
     *
     * @param lookup gives the text of a key, or null where it is not set
     * @throws IllegalArgumentException if the text is no such number
     */
    public long positiveValue(Function<String, @Nullable String> lookup) {
        String text = lookup.apply(key);
        try {
            long value = Long.parseLong(text == null ? defaultValue : text.trim());
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw refusal(text, e);
        }
        throw refusal(text, null);
    }

    private IllegalArgumentException refusal(@Nullable String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "Cannot read %s: it is '%s'; set it to a whole number above 0, as %s"
                        .formatted(key, text, defaultValue),
                cause);
    }

    /** The rows of a Markdown table: key, default, meaning. */
    public static String markdownRows() {
        return Arrays.stream(values())
                .map(conf -> "| `%s` | `%s` | %s |".formatted(conf.key, conf.defaultValue, conf.doc))
                .collect(Collectors.joining("\n"));
    }
}
