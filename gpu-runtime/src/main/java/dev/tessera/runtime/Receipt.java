package dev.tessera.runtime;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What really ran, from counters: on which devices (batches by device), steps by kind, rows, those of them without a
 * value, and batches, bytes that came in and went out, nanoseconds of kernels and of copies, batches that left
 * the device they were meant for with the reason, and why a device was chosen over a preferred one. Adds up over tasks.
 */
public record Receipt(
        Map<String, Long> batchesByDevice,
        Map<String, Long> stepsByKind,
        Map<String, Long> fallbacksByReason,
        Map<String, String> choiceByDevice,
        long rowCount,
        long badRowCount,
        long bytesIn,
        long bytesOut,
        long kernelNanos,
        long copyNanos)
        implements Serializable {
    private static final long serialVersionUID = 1;

    public static final Receipt EMPTY = new Receipt(Map.of(), Map.of(), Map.of(), Map.of(), 0, 0, 0, 0, 0, 0);

    public Receipt {
        batchesByDevice = Map.copyOf(batchesByDevice);
        stepsByKind = Map.copyOf(stepsByKind);
        fallbacksByReason = Map.copyOf(fallbacksByReason);
        choiceByDevice = Map.copyOf(choiceByDevice);
    }

    public long batchCount() {
        return batchesByDevice.values().stream().mapToLong(Long::longValue).sum();
    }

    /** This, its devices chosen for {@code reason} over a preferred one; no batch fell back for that. */
    public Receipt chosenBecause(String reason) {
        Map<String, String> choices = new TreeMap<>();
        batchesByDevice.keySet().forEach(device -> choices.put(device, reason));
        return plus(new Receipt(Map.of(), Map.of(), Map.of(), choices, 0, 0, 0, 0, 0, 0));
    }

    /** This, with more time of copies. */
    public Receipt copiedFor(long nanos) {
        return plus(new Receipt(Map.of(), Map.of(), Map.of(), Map.of(), 0, 0, 0, 0, 0, nanos));
    }

    public Receipt plus(Receipt other) {
        return new Receipt(
                sum(batchesByDevice, other.batchesByDevice),
                sum(stepsByKind, other.stepsByKind),
                sum(fallbacksByReason, other.fallbacksByReason),
                union(choiceByDevice, other.choiceByDevice),
                rowCount + other.rowCount,
                badRowCount + other.badRowCount,
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut,
                kernelNanos + other.kernelNanos,
                copyNanos + other.copyNanos);
    }

    private static Map<String, String> union(Map<String, String> left, Map<String, String> right) {
        Map<String, String> union = new TreeMap<>(left);
        union.putAll(right);
        return union;
    }

    private static Map<String, Long> sum(Map<String, Long> left, Map<String, Long> right) {
        Map<String, Long> sums = new TreeMap<>(left);
        right.forEach((key, count) -> sums.merge(key, count, Long::sum));
        return sums;
    }
}
