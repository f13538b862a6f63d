package dev.tessera.runtime;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What really ran, from counters: on which devices (batches by device), steps by kind, rows, those of them without a
 * value, and batches, bytes that came in and went out, nanoseconds of kernels and of copies, and batches that fell back
 * with the reason. Adds up over tasks.
 */
public record Receipt(
        Map<String, Long> batchesByDevice,
        Map<String, Long> stepsByKind,
        Map<String, Long> fallbacksByReason,
        long rowCount,
        long badRowCount,
        long bytesIn,
        long bytesOut,
        long kernelNanos,
        long copyNanos)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public static final Receipt EMPTY = new Receipt(Map.of(), Map.of(), Map.of(), 0, 0, 0, 0, 0, 0);

    public Receipt {
        batchesByDevice = Map.copyOf(batchesByDevice);
        stepsByKind = Map.copyOf(stepsByKind);
        fallbacksByReason = Map.copyOf(fallbacksByReason);
    }

    public long batchCount() {
        return batchesByDevice.values().stream().mapToLong(Long::longValue).sum();
    }

    /** This, with all batches fallen back to where they ran for {@code reason}. */
    public Receipt fallenBack(String reason) {
        long batches = batchCount();
        Map<String, Long> fallbacks = batches == 0 ? Map.of() : Map.of(reason, batches);
        return plus(new Receipt(Map.of(), Map.of(), fallbacks, 0, 0, 0, 0, 0, 0));
    }

    /** This, with more time of copies. */
    public Receipt copiedFor(long nanos) {
        return plus(new Receipt(Map.of(), Map.of(), Map.of(), 0, 0, 0, 0, 0, nanos));
    }

    public Receipt plus(Receipt other) {
        return new Receipt(
                sum(batchesByDevice, other.batchesByDevice),
                sum(stepsByKind, other.stepsByKind),
                sum(fallbacksByReason, other.fallbacksByReason),
                rowCount + other.rowCount,
                badRowCount + other.badRowCount,
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut,
                kernelNanos + other.kernelNanos,
                copyNanos + other.copyNanos);
    }

    private static Map<String, Long> sum(Map<String, Long> left, Map<String, Long> right) {
        Map<String, Long> sums = new TreeMap<>(left);
        right.forEach((key, count) -> sums.merge(key, count, Long::sum));
        return sums;
    }
}
