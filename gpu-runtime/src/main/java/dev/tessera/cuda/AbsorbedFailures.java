package dev.tessera.cuda;

import java.util.Map;
import java.util.TreeMap;

/**
 * Failures of a device's calls that cost no batch, counted by what was done instead, until a task takes them into its receipt:
 * so each is in one receipt, although tasks share the device. Thread-safe.
 */
final class AbsorbedFailures {
    static final String ORDINARY_MEMORY = "ordinary instead of page-locked memory";
    static final String CACHES_DROPPED = "caches dropped: out of memory";
    static final String COMPILED_AGAIN = "kernel compiled again: image refused";
    static final String NOT_MEASURED = "time not measured";
    static final String NOT_GIVEN_BACK = "not given back to the driver";

    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void add(String instead) {
        counts.merge(instead, 1L, Long::sum);
    }

    /** What was counted since the last call. */
    synchronized Map<String, Long> take() {
        Map<String, Long> taken = Map.copyOf(counts);
        counts.clear();
        return taken;
    }
}
