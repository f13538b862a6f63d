package dev.tessera.runtime;

import java.util.Locale;

/** What an executor does when its GPU is lost: {@code spark.tessera.gpu.onDeviceLost}. */
enum LossPolicy {
    /** Its batches run on the CPU from then on. */
    CPU,
    /** The process ends, so that Spark starts another executor. */
    EXIT,
    /** The task fails, so that Spark tries it again, maybe elsewhere. */
    FAIL;

    static final String SETTING = "spark.tessera.gpu.onDeviceLost";

    /** The exit status of a process whose GPU is lost. */
    static final int EXIT_STATUS = 20;

    /**
     * The policy of the settings, {@link #CPU} if they make none.
     *
     * @throws IllegalArgumentException if they make another one
     */
    static LossPolicy of(RuntimeOptions options) {
        String name = options.settings().getOrDefault(SETTING, "cpu");
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cpu" -> CPU;
            case "exit" -> EXIT;
            case "fail" -> FAIL;
            default ->
                throw new IllegalArgumentException(
                        "Cannot choose what to do when a GPU is lost: %s is '%s'; use cpu, exit or fail"
                                .formatted(SETTING, name));
        };
    }
}
