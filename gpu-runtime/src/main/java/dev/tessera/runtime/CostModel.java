package dev.tessera.runtime;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how long batches take on the GPU and on the CPU, from rates that are measured when the first task asks, once.
 * Thread-safe. A task must have no batch in flight when it asks first, as it may wait for another that measures.
 */
final class CostModel {
    static final String SETTING = "spark.tessera.gpu.costModel.enabled";

    private static final Logger LOG = LoggerFactory.getLogger(CostModel.class);

    private final Function<List<String>, Rates> measure;
    private boolean isMeasured;
    private @Nullable Rates rates;

    /** The rates of both devices. */
    record Rates(DeviceRates gpu, DeviceRates cpu) {}

    /** @param measure gives the rates, those of a GPU at one of these addresses */
    CostModel(Function<List<String>, Rates> measure) {
        this.measure = measure;
    }

    /** The model of what a GPU and the CPU turn out to do. */
    static CostModel measuring(Backend gpu, Supplier<Backend> cpu) {
        return new CostModel(addresses -> new Rates(
                new RateMeasurement(gpu, addresses).rates(), new RateMeasurement(cpu.get(), List.of()).rates()));
    }

    /**
     * Whether the settings want a model: unless {@link #SETTING} is false.
     *
     * @throws IllegalArgumentException if the setting is neither true nor false
     */
    static boolean isEnabled(RuntimeOptions options) {
        String value = options.settings().getOrDefault(SETTING, "true").trim().toLowerCase(Locale.ROOT);
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "Cannot read %s: it is '%s'; set it to true or false".formatted(SETTING, value));
        };
    }

    /** The rates; none if the GPU failed while they were measured, of which its own tasks will say more. */
    synchronized @Nullable Rates rates(List<String> deviceAddresses) {
        if (!isMeasured) {
            try {
                long start = System.nanoTime();
                rates = measure.apply(deviceAddresses);
                LOG.info("Measured in {} ms: {}", (System.nanoTime() - start) / 1_000_000, rates);
            } catch (DeviceFailureException e) {
                LOG.warn("Every batch is meant for the GPU, as its speed could not be measured", e);
            }
            isMeasured = true;
        }
        return rates;
    }
}
