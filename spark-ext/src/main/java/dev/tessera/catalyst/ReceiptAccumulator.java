package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.util.AccumulatorV2;

/**
 * Adds up what tasks report, by execution; keeps the newest executions. Thread-safe on the driver, where a scheduler
 * merges while users read.
 */
public final class ReceiptAccumulator extends AccumulatorV2<ExecutionReceipt, List<ExecutionReceipt>> {
    private static final long serialVersionUID = 1;
    private static final int MAX_EXECUTIONS = 200;

    private final TreeMap<Long, ExecutionReceipt> receipts = new TreeMap<>();

    @Override
    public synchronized boolean isZero() {
        return receipts.isEmpty();
    }

    @Override
    public synchronized AccumulatorV2<ExecutionReceipt, List<ExecutionReceipt>> copy() {
        ReceiptAccumulator copy = new ReceiptAccumulator();
        copy.receipts.putAll(receipts);
        return copy;
    }

    @Override
    public synchronized void reset() {
        receipts.clear();
    }

    @Override
    public synchronized void add(ExecutionReceipt receipt) {
        receipts.merge(receipt.executionId(), receipt, ExecutionReceipt::plus);
        while (receipts.size() > MAX_EXECUTIONS) {
            receipts.pollFirstEntry();
        }
    }

    @Override
    public void merge(AccumulatorV2<ExecutionReceipt, List<ExecutionReceipt>> other) {
        other.value().forEach(this::add);
    }

    /** The receipts in the order of their executions. */
    @Override
    public synchronized List<ExecutionReceipt> value() {
        return new ArrayList<>(receipts.values());
    }
}
