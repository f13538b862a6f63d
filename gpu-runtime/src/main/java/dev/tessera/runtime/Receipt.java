package dev.tessera.runtime;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What really ran, from counters: on which devices (batches by device), steps by kind, rows, those of them without a
 * value, and batches, bytes that came in and went out, nanoseconds of kernels and of copies, batches that left
 * the device they were meant for with the reason, and why a device was chosen over a preferred one; on a GPU also kernels
 * launched and library calls by kind, what was done again after a failure, and how long batches were predicted to take on
 * each device. Adds up over tasks.
 */
public record Receipt(
        Map<String, Long> batchesByDevice,
        Map<String, Long> stepsByKind,
        Map<String, Long> fallbacksByReason,
        Map<String, String> choiceByDevice,
        Map<String, Long> launchesByKind,
        Map<String, Long> recoveries,
        Map<String, Prediction> predictionsByDevice,
        long rowCount,
        long badRowCount,
        long bytesIn,
        long bytesOut,
        long kernelNanos,
        long copyNanos)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** What the kind of a launch starts with that is a call of cuBLAS; the precision is at its end. */
    public static final String BLAS_CALL = "cublas ";

    public static final Receipt EMPTY =
            new Receipt(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), 0, 0, 0, 0, 0, 0);

    public Receipt {
        batchesByDevice = Map.copyOf(batchesByDevice);
        stepsByKind = Map.copyOf(stepsByKind);
        fallbacksByReason = Map.copyOf(fallbacksByReason);
        choiceByDevice = Map.copyOf(choiceByDevice);
        launchesByKind = Map.copyOf(launchesByKind);
        recoveries = Map.copyOf(recoveries);
        predictionsByDevice = Map.copyOf(predictionsByDevice);
    }

    /**
     * How long the batches that a cost model sent to a device were predicted to take, one after the other, and how long the
     * task was busy with starting them and waiting for them, which is less where they overlapped.
     */
    public record Prediction(long predictedNanos, long actualNanos) implements Serializable {
        private static final long serialVersionUID = 1;

        Prediction plus(Prediction other) {
            return new Prediction(predictedNanos + other.predictedNanos, actualNanos + other.actualNanos);
        }
    }

    /** What a backend counts, of which nothing was predicted. */
    public Receipt(
            Map<String, Long> batchesByDevice,
            Map<String, Long> stepsByKind,
            Map<String, Long> fallbacksByReason,
            Map<String, String> choiceByDevice,
            Map<String, Long> launchesByKind,
            Map<String, Long> recoveries,
            long rowCount,
            long badRowCount,
            long bytesIn,
            long bytesOut,
            long kernelNanos,
            long copyNanos) {
        this(
                batchesByDevice,
                stepsByKind,
                fallbacksByReason,
                choiceByDevice,
                launchesByKind,
                recoveries,
                Map.of(),
                rowCount,
                badRowCount,
                bytesIn,
                bytesOut,
                kernelNanos,
                copyNanos);
    }

    /** Kernels launched on a GPU; those that cuBLAS launches itself are not known. */
    public long kernelLaunches() {
        return launchesByKind.values().stream().mapToLong(Long::longValue).sum() - blasCalls();
    }

    public long blasCalls() {
        return launchesByKind.entrySet().stream()
                .filter(launch -> launch.getKey().startsWith(BLAS_CALL))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    public long batchCount() {
        return batchesByDevice.values().stream().mapToLong(Long::longValue).sum();
    }

    /** This, its devices chosen for {@code reason} over a preferred one; no batch fell back for that. */
    public Receipt chosenBecause(String reason) {
        Map<String, String> choices = new TreeMap<>();
        batchesByDevice.keySet().forEach(device -> choices.put(device, reason));
        return plus(new Receipt(Map.of(), Map.of(), Map.of(), choices, Map.of(), Map.of(), 0, 0, 0, 0, 0, 0));
    }

    /** This, with more time of copies. */
    public Receipt copiedFor(long nanos) {
        return plus(new Receipt(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), 0, 0, 0, 0, 0, nanos));
    }

    /** What was done again, and which batches left their device. */
    static Receipt ofRecoveries(Map<String, Long> fallbacksByReason, Map<String, Long> recoveries) {
        return new Receipt(Map.of(), Map.of(), fallbacksByReason, Map.of(), Map.of(), recoveries, 0, 0, 0, 0, 0, 0);
    }

    public Receipt plus(Receipt other) {
        return new Receipt(
                sum(batchesByDevice, other.batchesByDevice),
                sum(stepsByKind, other.stepsByKind),
                sum(fallbacksByReason, other.fallbacksByReason),
                union(choiceByDevice, other.choiceByDevice),
                sum(launchesByKind, other.launchesByKind),
                sum(recoveries, other.recoveries),
                sumOfPredictions(predictionsByDevice, other.predictionsByDevice),
                rowCount + other.rowCount,
                badRowCount + other.badRowCount,
                bytesIn + other.bytesIn,
                bytesOut + other.bytesOut,
                kernelNanos + other.kernelNanos,
                copyNanos + other.copyNanos);
    }

    /** This, with predictions. */
    Receipt predicted(Map<String, Prediction> predictions) {
        return plus(
                new Receipt(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), predictions, 0, 0, 0, 0, 0, 0));
    }

    private static Map<String, Prediction> sumOfPredictions(
            Map<String, Prediction> left, Map<String, Prediction> right) {
        Map<String, Prediction> sums = new TreeMap<>(left);
        right.forEach((device, prediction) -> sums.merge(device, prediction, Prediction::plus));
        return sums;
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
