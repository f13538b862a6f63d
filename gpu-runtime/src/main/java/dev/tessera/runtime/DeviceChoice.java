package dev.tessera.runtime;

import java.util.Locale;

/** Where the user wants plans to run: {@code spark.tessera.device}. */
enum DeviceChoice {
    /** On the GPU if there is a working one, else on the CPU. */
    AUTO,
    /** On the GPU or not at all. */
    GPU,
    CPU;

    static final String SETTING = "spark.tessera.device";

    /**
     * The choice of the settings, {@link #AUTO} if they make none.
     *
     * @throws IllegalArgumentException if they make another one
     */
    static DeviceChoice of(RuntimeOptions options) {
        String name = options.settings().getOrDefault(SETTING, "auto");
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "gpu" -> GPU;
            case "cpu" -> CPU;
            default ->
                throw new IllegalArgumentException(
                        "Cannot choose a device: %s is '%s'; use auto, gpu or cpu".formatted(SETTING, name));
        };
    }
}
