package dev.tessera.cuda;

import dev.tessera.runtime.Receipt;
import java.util.Map;
import java.util.TreeMap;

/** What a task has run on its device. */
final class Counts {
    private final String device;
    private final Map<String, Long> stepsByKind = new TreeMap<>();
    private final Map<String, Long> recoveries = new TreeMap<>();
    private long batchCount;
    private long rowCount;
    private long badRowCount;
    private long bytesIn;
    private long bytesOut;
    private long kernelNanos;
    private long copyNanos;

    Counts(String device) {
        this.device = device;
    }

    void countBatch(int rows, int badRows) {
        batchCount++;
        rowCount += rows;
        badRowCount += badRows;
    }

    void countSteps(Map<String, Long> kinds) {
        kinds.forEach((kind, count) -> stepsByKind.merge(kind, count, Long::sum));
    }

    void countRecoveries(Map<String, Long> more) {
        more.forEach((what, count) -> recoveries.merge(what, count, Long::sum));
    }

    /** Copies that were asked for, whether or not their batch completes. */
    void countBytes(long in, long out) {
        bytesIn += in;
        bytesOut += out;
    }

    void countNanos(long ofKernels, long ofCopies) {
        kernelNanos += ofKernels;
        copyNanos += ofCopies;
    }

    Receipt receipt(Map<String, Long> launchesByKind) {
        return new Receipt(
                batchCount == 0 ? Map.of() : Map.of(device, batchCount),
                stepsByKind,
                Map.of(),
                Map.of(),
                launchesByKind,
                recoveries,
                rowCount,
                badRowCount,
                bytesIn,
                bytesOut,
                kernelNanos,
                copyNanos);
    }
}
