package dev.tessera;

import dev.tessera.catalyst.ExecutionReceipt;
import dev.tessera.runtime.Receipt;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What really ran of Tessera in one execution, from counters. Immutable. */
public final class TensorReport {
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final ExecutionReceipt execution;
    private final List<String> settingsWithoutEffect;

    TensorReport(ExecutionReceipt execution, List<String> settingsWithoutEffect) {
        this.execution = execution;
        this.settingsWithoutEffect = List.copyOf(settingsWithoutEffect);
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

    /** Settings of the session that Tessera does not read, misspelt ones among them, a sentence each. */
    public List<String> settingsWithoutEffect() {
        return settingsWithoutEffect;
    }

    /**
     * Fails unless there were batches, and all ran on a device of one kind.
     *
     * @throws AssertionError with the report; no test framework is needed, and any will do
     */
    public void assertRanOn(Device device) {
        boolean isOnlyThere = receipt().batchesByDevice().keySet().stream().allMatch(device::isNamed);
        if (!isOnlyThere || receipt().batchCount() == 0) {
            throw new AssertionError("Expected every batch on the %s, but:%n%s".formatted(device, this));
        }
    }

    @Override
    public String toString() {
        Receipt receipt = receipt();
        StringBuilder text = new StringBuilder();
        line(text, "execution", "%d %s", execution.executionId(), execution.name());
        line(text, "devices", "%s", counts(receipt.batchesByDevice(), "batch", "batches"));
        receipt.choiceByDevice()
                .forEach((device, reason) -> line(text, "device", "%s, because %s".formatted(device, reason)));
        line(text, "steps", "%s", counts(receipt.stepsByKind(), "", ""));
        launches(text, receipt.launchesByKind());
        line(
                text,
                "rows",
                "%,d in %,d %s, and %,d one by one",
                receipt.rowCount() - singleRows(),
                operatorBatches(),
                operatorBatches() == 1 ? "batch" : "batches",
                singleRows());
        line(text, "bytes", "%,d in, %,d out", receipt.bytesIn(), receipt.bytesOut());
        line(
                text,
                "time",
                "%.1f ms in kernels, %.1f ms in copies",
                receipt.kernelNanos() / NANOS_PER_MILLISECOND,
                receipt.copyNanos() / NANOS_PER_MILLISECOND);
        new TreeMap<>(receipt.predictionsByDevice())
                .forEach((device, prediction) -> line(
                        text,
                        "predicted",
                        "%.1f ms on %s, where it took %.1f ms",
                        prediction.predictedNanos() / NANOS_PER_MILLISECOND,
                        device,
                        prediction.actualNanos() / NANOS_PER_MILLISECOND));
        if (!receipt.recoveries().isEmpty()) {
            line(text, "recovered", "%s", counts(receipt.recoveries(), "time", "times"));
        }
        line(text, "fallbacks", "%s", counts(receipt.fallbacksByReason(), "batch", "batches"));
        line(text, "bad rows", "%,d", badRows());
        settingsWithoutEffect.forEach(sentence -> line(text, "setting", "%s", sentence));
        return text.toString();
    }

    /** What a GPU was given to do; the kind of a call of cuBLAS names what it rounds to. */
    private static void launches(StringBuilder text, Map<String, Long> launchesByKind) {
        Map<String, Long> kernels = new TreeMap<>();
        Map<String, Long> calls = new TreeMap<>();
        launchesByKind.forEach((kind, count) -> {
            boolean isCall = kind.startsWith(Receipt.BLAS_CALL);
            (isCall ? calls : kernels).put(isCall ? kind.substring(Receipt.BLAS_CALL.length()) : kind, count);
        });
        if (!launchesByKind.isEmpty()) {
            line(text, "kernels", "%s", counts(kernels, "launch", "launches"));
            line(text, "cuBLAS", "%s", counts(calls, "call", "calls"));
        }
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        String value = String.format(Locale.ROOT, format, values).strip();
        text.append(String.format(Locale.ROOT, "%-10s %s%n", name, value));
    }

    private static String counts(Map<String, Long> counts, String one, String many) {
        if (counts.isEmpty()) {
            return "none";
        }
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(entry -> String.format(
                                        Locale.ROOT,
                                        "%s: %,d %s",
                                        entry.getKey(),
                                        entry.getValue(),
                                        entry.getValue() == 1 ? one : many)
                                .strip())
                        .collect(Collectors.joining("; "));
    }
}
