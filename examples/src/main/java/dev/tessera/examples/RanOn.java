package dev.tessera.examples;

import dev.tessera.TensorReport;
import dev.tessera.runtime.Receipt;
import java.util.Map;
import java.util.TreeMap;

/** In words, which devices ran a query: from the batches that each of them counted, not from what was asked for. */
final class RanOn {
    private static final String CPU = "cpu";

    private RanOn() {}

    /** A line such as "Used the GPU: NVIDIA A100 (GPU-…) ran 3 of 3 batches.", and one for each reason of the CPU's. */
    static String text(TensorReport report) {
        Receipt receipt = report.receipt();
        long onCpu = onCpu(receipt);
        StringBuilder text = new StringBuilder(
                onCpu == receipt.batchCount()
                        ? "Used the CPU"
                        : onCpu == 0 ? "Used the GPU" : "Used the GPU and the CPU");
        if (receipt.batchCount() == 0) {
            return "Used nothing: no batch ran";
        }
        String separator = ": ";
        for (Map.Entry<String, Long> device : new TreeMap<>(receipt.batchesByDevice()).entrySet()) {
            text.append(separator)
                    .append("%s ran %d of %d batches"
                            .formatted(device.getKey(), device.getValue(), receipt.batchCount()));
            separator = "; ";
        }
        new TreeMap<>(receipt.choiceByDevice())
                .values().stream()
                        .distinct()
                        .forEach(reason -> text.append("%n  the CPU was chosen, for %s".formatted(reason)));
        new TreeMap<>(receipt.fallbacksByReason())
                .forEach((reason, count) -> text.append("%n  %d left the GPU, for %s".formatted(count, reason)));
        return text.toString();
    }

    private static long onCpu(Receipt receipt) {
        return receipt.batchesByDevice().entrySet().stream()
                .filter(device -> device.getKey().startsWith(CPU))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
