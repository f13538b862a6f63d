package dev.tessera.runtime;

import java.util.Map;

/** What the runtime is told when it starts: how many tasks run at once, and the {@code spark.tessera.*} settings. */
public record RuntimeOptions(int taskSlots, Map<String, String> settings) {
    public RuntimeOptions {
        settings = Map.copyOf(settings);
    }
}
