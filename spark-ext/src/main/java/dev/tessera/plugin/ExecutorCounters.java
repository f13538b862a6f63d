package dev.tessera.plugin;

import dev.tessera.runtime.Receipt;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What the tasks of this JVM that have ended ran, all together. Thread-safe. */
final class ExecutorCounters {
    private final LongAdder batches = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder badRows = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder kernelNanos = new LongAdder();
    private final LongAdder kernelLaunches = new LongAdder();
    private final LongAdder blasCalls = new LongAdder();
    private final LongAdder recoveries = new LongAdder();
    private final LongAdder fallbacks = new LongAdder();

    void add(Receipt receipt) {
        batches.add(receipt.batchCount());
        rows.add(receipt.rowCount());
        badRows.add(receipt.badRowCount());
        bytesIn.add(receipt.bytesIn());
        bytesOut.add(receipt.bytesOut());
        kernelNanos.add(receipt.kernelNanos());
        kernelLaunches.add(receipt.kernelLaunches());
        blasCalls.add(receipt.blasCalls());
        receipt.recoveries().values().forEach(recoveries::add);
        receipt.fallbacksByReason().values().forEach(fallbacks::add);
    }

    /** The counters by the names under which Spark's metric system shows them. */
    Map<String, LongSupplier> byName() {
        Map<String, LongSupplier> byName = new TreeMap<>();
        byName.put("batches", batches::sum);
        byName.put("rows", rows::sum);
        byName.put("badRows", badRows::sum);
        byName.put("bytesIn", bytesIn::sum);
        byName.put("bytesOut", bytesOut::sum);
        byName.put("kernelNanos", kernelNanos::sum);
        byName.put("kernelLaunches", kernelLaunches::sum);
        byName.put("blasCalls", blasCalls::sum);
        byName.put("recoveries", recoveries::sum);
        byName.put("fallbacks", fallbacks::sum);
        return byName;
    }
}
