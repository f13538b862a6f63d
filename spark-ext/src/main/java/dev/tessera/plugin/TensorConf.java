package dev.tessera.plugin;

import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The configuration keys of Tessera, each with its default, the values it takes and a line of documentation. */
public enum TensorConf {
    DEVICE(
            "spark.tessera.device",
            "auto",
            Values.DEVICE,
            "`cpu`, `gpu`, or `auto`: a GPU where there is one that works, else the CPU. Set when Spark starts."),
    BATCH_MAX_ROWS(
            "spark.tessera.batch.maxRows",
            "1024",
            Values.POSITIVE,
            "The most rows that are evaluated at once. May be set in a running session."),
    BATCH_MAX_BYTES(
            "spark.tessera.batch.maxBytes",
            "33554432",
            Values.POSITIVE,
            "The most bytes that a batch takes on the heap and outside it: inputs, intermediate values, results and"
                    + " the columns that pass through. One row may take more. May be set in a running session."),
    FUNCTION(
            "spark.tessera.functions.NAME",
            "none",
            Values.ANY,
            "The file of a saved function, in any file system that Spark reads; SQL in every session calls it `NAME`."
                    + " Set when Spark starts."),
    OPENBLAS(
            "spark.tessera.cpu.openblas.enabled",
            "true",
            Values.BOOLEAN,
            "Whether matrix products run on OpenBLAS where it loads; else in Java. Set when Spark starts."),
    VECTOR_API(
            "spark.tessera.cpu.vectorApi.enabled",
            "true",
            Values.BOOLEAN,
            "Whether element-wise work runs on Java's Vector API where the module is there; else in plain loops. Set"
                    + " when Spark starts."),
    CONSTANT_BYTES(
            "spark.tessera.cpu.maxConstantBytes",
            "134217728",
            Values.BYTES,
            "The bytes that an executor keeps of constants, and of what is computed from them, for tasks to come; what"
                    + " running tasks use is kept anyway. Set when Spark starts."),
    LIBRARY_CACHE(
            "spark.tessera.cpu.libraryCache",
            "a new folder",
            Values.ANY,
            "The folder that native libraries are unpacked to, kept from run to run. Set when Spark starts."),
    ON_DEVICE_LOST(
            "spark.tessera.gpu.onDeviceLost",
            "cpu",
            Values.LOSS,
            "What an executor does when its GPU is lost: `cpu` runs its batches there, `fail` fails the task, `exit`"
                    + " ends the process. Set when Spark starts."),
    GPU_DEVICES(
            "spark.tessera.gpu.devices",
            "all",
            Values.ANY,
            "The GPUs to use where Spark assigns none, by the driver's numbers: `0,1`. Set when Spark starts."),
    GPU_MEMORY_FRACTION(
            "spark.tessera.gpu.memoryFraction",
            "0.7",
            Values.FRACTION,
            "How much of the memory of a GPU that is free at the start may be used. Set when Spark starts."),
    GPU_PINNED_BYTES(
            "spark.tessera.gpu.pinnedBytes",
            "1073741824",
            Values.BYTES,
            "How much page-locked memory an executor may use for copies to and from GPUs. Set when Spark starts."),
    GPU_MATH_MODE(
            "spark.tessera.gpu.mathMode",
            "strict",
            Values.MATH,
            "How a GPU multiplies float32: `strict`, or faster and less exactly as `tf32`, `bf16` or `fp16`. Set when"
                    + " Spark starts."),
    GPU_COST_MODEL(
            "spark.tessera.gpu.costModel.enabled",
            "true",
            Values.BOOLEAN,
            "Whether `auto` runs a batch on the CPU where it is predicted to be faster there, from rates that each"
                    + " executor measures once; else every batch is meant for the GPU. Set when Spark starts."),
    GPU_KERNEL_CACHE(
            "spark.tessera.gpu.kernelCache",
            "a folder of the user under java.io.tmpdir",
            Values.ANY,
            "The folder that compiled kernels are kept in from run to run. Set when Spark starts."),
    GPU_LIBRARY_PATH(
            "spark.tessera.gpu.libraryPath",
            "none",
            Values.ANY,
            "Folders that NVIDIA's libraries are looked for in first, apart by `:`; then on the machine, then in"
                    + " jars. Set when Spark starts."),
    GPU_LIBRARY_CACHE(
            "spark.tessera.gpu.libraryCache",
            "java.io.tmpdir, or another folder that takes them",
            Values.ANY,
            "The folder that native libraries for CUDA pass through when they are loaded; nothing is kept there. Set"
                    + " when Spark starts.");

    /** What every key starts with. */
    public static final String PREFIX = "spark.tessera.";

    /** What a key takes: in words, and as a pattern. */
    private enum Values {
        DEVICE("auto, gpu or cpu", "(?i)auto|gpu|cpu"),
        LOSS("cpu, fail or exit", "(?i)cpu|fail|exit"),
        MATH("strict, tf32, bf16 or fp16", "(?i)strict|tf32|bf16|fp16"),
        FRACTION("a number above 0 and up to 1", "0?\\.[0-9]*[1-9][0-9]*|1(\\.0*)?"),
        BOOLEAN("true or false", "(?i)true|false"),
        POSITIVE("a whole number above 0", "0*[1-9][0-9]{0,17}"),
        BYTES("a number of bytes", "[0-9]{1,18}"),
        ANY("a text", "(?s).*");

        private final String words;
        private final Pattern pattern;

        Values(String words, String pattern) {
            this.words = words;
            this.pattern = Pattern.compile(pattern);
        }
    }

    private final String key;
    private final String defaultValue;
    private final Values values;
    private final String doc;

    TensorConf(String key, String defaultValue, Values values, String doc) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.values = values;
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

    /** Whether a value takes effect that is set in a running session. */
    public boolean isForSessions() {
        return this == BATCH_MAX_ROWS || this == BATCH_MAX_BYTES;
    }

    /**
     * Holds a value against what the key takes.
     *
     * @throws IllegalArgumentException if the key does not take the value; it names key, value and what it takes
     */
    public void check(String value) {
        if (!values.pattern.matcher(value.trim()).matches()) {
            throw new IllegalArgumentException("Cannot read %s: it is '%s'; set it to %s, as %s"
                    .formatted(key, value, values.words, defaultValue));
        }
    }

    /**
     * The value as a positive whole number.
     *
     * @param lookup gives the text of a key, or null where it is not set
     * @throws IllegalArgumentException if the text is no such number
     */
    public long positiveValue(Function<String, @Nullable String> lookup) {
        String text = lookup.apply(key);
        String value = text == null ? defaultValue : text;
        check(value);
        return Long.parseLong(value.trim());
    }

    /** The rows of a Markdown table: key, default, meaning. */
    public static String markdownRows() {
        return Arrays.stream(values())
                .map(conf -> "| `%s` | `%s` | %s |".formatted(conf.key, conf.defaultValue, conf.doc))
                .collect(Collectors.joining("\n"));
    }
}
