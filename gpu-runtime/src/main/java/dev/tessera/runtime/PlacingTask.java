package dev.tessera.runtime;

import dev.tessera.tensor.DimBinding;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task on a GPU that runs batches on the CPU where that is predicted to be faster. */
final class PlacingTask implements BackendTask {
    private static final Logger LOG = LoggerFactory.getLogger(PlacingTask.class);

    private final BackendTask device;
    private final Supplier<BackendTask> openCpu;
    private final BatchPlacement placement;
    private final Spent onDevice = new Spent();
    private final Spent onCpu = new Spent();
    private @Nullable BackendTask cpu;
    private String reason = "";

    /** What batches were predicted to take, and took, in nanoseconds. */
    private static final class Spent {
        private double predicted;
        private long actual;
    }

    PlacingTask(BackendTask device, Supplier<BackendTask> openCpu, BatchPlacement placement) {
        this.device = device;
        this.openCpu = openCpu;
        this.placement = placement;
    }

    @Override
    public HostBuffer allocateHost(long sizeInBytes) {
        return device.allocateHost(sizeInBytes);
    }

    @Override
    public int pipelineDepth() {
        return device.pipelineDepth();
    }

    @Override
    public int maxRows(DimBinding dims) {
        return device.maxRows(dims);
    }

    @Override
    public PendingBatch submit(Batch batch) {
        BatchPlacement.Decision decision = placement.decide(batch.dims(), batch.rowCount());
        if (decision.isOnCpu()) {
            reason = decision.reason();
        }
        BackendTask task = decision.isOnCpu() ? cpu() : device;
        Spent spent = decision.isOnCpu() ? onCpu : onDevice;
        long start = System.nanoTime();
        PendingBatch pending = task.submit(batch);
        spent.predicted += decision.predictedNanos();
        spent.actual += System.nanoTime() - start;
        return new Timed(pending, spent);
    }

    private BackendTask cpu() {
        if (cpu == null) {
            cpu = openCpu.get();
        }
        return cpu;
    }

    @Override
    public Receipt receipt() {
        Receipt receipt = predicted(device.receipt(), onDevice);
        return cpu == null
                ? receipt
                : receipt.plus(predicted(cpu.receipt(), onCpu).chosenBecause(reason));
    }

    private static Receipt predicted(Receipt receipt, Spent spent) {
        Map<String, Receipt.Prediction> predictions = new TreeMap<>();
        if (receipt.batchCount() > 0) {
            String devices = String.join(" and ", new TreeMap<>(receipt.batchesByDevice()).keySet());
            predictions.put(devices, new Receipt.Prediction(Math.round(spent.predicted), spent.actual));
        }
        return receipt.predicted(predictions);
    }

    @Override
    public long nativeBytes() {
        return device.nativeBytes() + (cpu == null ? 0 : cpu.nativeBytes());
    }

    @Override
    public void close() {
        try (BackendTask first = device;
                BackendTask second = cpu) {
            LOG.trace("Closing {} and {}", first, second);
        }
    }

    /** A batch whose waits are counted. */
    private record Timed(PendingBatch pending, Spent spent) implements PendingBatch {
        @Override
        public BatchResult await() {
            long start = System.nanoTime();
            BatchResult result = pending.await();
            spent.actual += System.nanoTime() - start;
            return result;
        }

        @Override
        public void close() {
            pending.close();
        }
    }
}
