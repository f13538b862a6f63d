package dev.tessera;

import dev.tessera.catalyst.ExecutionReceipt;
import dev.tessera.runtime.Receipt;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What really ran of Tessera in one execution, from counters. Immutable. */
public final class TensorReport {
    private final ExecutionReceipt execution;

    TensorReport(ExecutionReceipt execution) {
        this.execution = execution;
    }

    /** Spark's number of the execution; -1 for what Spark evaluated while it planned. */
    public long executionId() {
        return execution.executionId();
    }

    public Receipt receipt() {
        return execution.receipt();
    }

    /** Batches that the operator ran; the other batches of the receipt were single rows. */
    public long operatorBatches() {
        return execution.operatorBatches();
    }

    /** Rows that were evaluated one by one, where a query's position allows no batch. */
    public long singleRows() {
        return receipt().batchCount() - operatorBatches();
    }

    /** Rows that became null because they could not be evaluated. */
    public long badRows() {
        return execution.badRows();
    }

    /**
     * Fails unless every batch ran on a device whose name starts with a text: {@code cpu}, {@code gpu}.
     *
     * @throws AssertionError with the report
     */
    public void assertRanOn(String device) {
        boolean isOnlyThere = receipt().batchesByDevice().keySet().stream().allMatch(name -> name.startsWith(device));
        if (!isOnlyThere || receipt().batchCount() == 0) {
            throw new AssertionError("Expected every batch on %s, but:%n%s".formatted(device, this));
        }
    }

    @Override
    public String toString() {
        Receipt receipt = receipt();
        StringBuilder text = new StringBuilder();
        line(text, "execution", execution.executionId() + (execution.name().isEmpty() ? "" : " " + execution.name()));
        line(text, "devices", counts(receipt.batchesByDevice(), "batches"));
        line(text, "steps", counts(receipt.stepsByKind(), ""));
        line(
                text,
                "rows",
                "%,d in %,d batches, and %,d one by one"
                        .formatted(receipt.rowCount() - singleRows(), operatorBatches(), singleRows()));
        line(text, "bytes", "%,d in, %,d out".formatted(receipt.bytesIn(), receipt.bytesOut()));
        line(
                text,
                "time",
                String.format(
                        Locale.ROOT,
                        "%.1f ms in kernels, %.1f ms in copies",
                        receipt.kernelNanos() / 1e6,
                        receipt.copyNanos() / 1e6));
        line(
                text,
                "fallbacks",
                receipt.fallbacksByReason().isEmpty() ? "none" : counts(receipt.fallbacksByReason(), "batches"));
        line(text, "bad rows", "%,d".formatted(badRows()));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-10s %s%n".formatted(name, value));
    }

    private static String counts(Map<String, Long> counts, String unit) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> "%s: %,d %s"
                                .formatted(entry.getKey(), entry.getValue(), unit)
                                .strip())
                        .collect(Collectors.joining("; "));
    }
}
