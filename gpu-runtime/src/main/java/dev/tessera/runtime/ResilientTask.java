package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Scope;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that no failure of its device can fail: a batch that is too large for the device's memory runs again whole, then
 * in halves, a row that is too large on the CPU; and so does every batch of a device that cannot run the plan, or is lost.
 */
final class ResilientTask implements BackendTask {
    /** What to do when a device is lost, and whether a plan must run on the device or not at all. */
    record Policy(LossPolicy onLoss, boolean isDeviceRequired) {}

    private static final Logger LOG = LoggerFactory.getLogger(ResilientTask.class);

    private final @Nullable BackendTask device;
    private final Supplier<BackendTask> openStandby;
    private final Policy policy;
    private final boolean canSplit;
    private final Map<String, Long> fallbacks = new TreeMap<>();
    private final Map<String, Long> recoveries = new TreeMap<>();
    private @Nullable BackendTask standby;
    private @Nullable String standbyReason;

    private ResilientTask(
            @Nullable BackendTask device, Supplier<BackendTask> openStandby, Policy policy, ExecutionPlan plan) {
        this.device = device;
        this.openStandby = openStandby;
        this.policy = policy;
        this.canSplit = plan.slots().stream().noneMatch(slot -> slot.scope() == Scope.ACCUMULATOR);
    }

    /** Opens the task on {@code device}, or on the standby if the device cannot run the plan or is lost. */
    static ResilientTask open(Backend device, TaskSpec spec, Supplier<BackendTask> openStandby, Policy policy) {
        try {
            return new ResilientTask(device.openTask(spec), openStandby, policy, spec.plan());
        } catch (DeviceFailureException e) {
            ResilientTask task = new ResilientTask(null, openStandby, policy, spec.plan());
            task.leaveDevice(e);
            return task;
        }
    }

    @Override
    public HostBuffer allocateHost(long sizeInBytes) {
        return device == null ? standby().allocateHost(sizeInBytes) : device.allocateHost(sizeInBytes);
    }

    @Override
    public int pipelineDepth() {
        return device == null ? standby().pipelineDepth() : device.pipelineDepth();
    }

    @Override
    public int maxRows(DimBinding dims) {
        return device == null || standbyReason != null ? standby().maxRows(dims) : device.maxRows(dims);
    }

    @Override
    public PendingBatch submit(Batch batch) {
        if (device == null || standbyReason != null) {
            return onStandby(batch);
        }
        try {
            return new Recoverable(batch, device.submit(batch));
        } catch (DeviceFailureException e) {
            return new Recoverable(batch, e);
        }
    }

    private PendingBatch onStandby(Batch batch) {
        fallbacks.merge(String.valueOf(standbyReason), 1L, Long::sum);
        return standby().submit(batch);
    }

    private BackendTask standby() {
        if (standby == null) {
            standby = openStandby.get();
        }
        return standby;
    }

    /** From now on, batches run on the standby, if the policy allows it. */
    private void leaveDevice(DeviceFailureException failure) {
        if (failure.kind() == DeviceFailureException.Kind.UNSUPPORTED && policy.isDeviceRequired()) {
            throw failure;
        }
        if (failure.kind() == DeviceFailureException.Kind.LOST) {
            if (policy.onLoss() == LossPolicy.FAIL) {
                throw failure;
            }
            if (policy.onLoss() == LossPolicy.EXIT) {
                LOG.error("The GPU is lost, and {} is exit: this process ends", LossPolicy.SETTING, failure);
                // A shutdown hook could wait for the device that is lost.
                Runtime.getRuntime().halt(LossPolicy.EXIT_STATUS);
            }
        }
        if (standbyReason == null) {
            standbyReason = failure.getMessage();
            LOG.warn("Batches run on the CPU from now on: {}", standbyReason);
        }
    }

    private BatchResult recover(Batch batch, DeviceFailureException failure) {
        if (failure.kind() != DeviceFailureException.Kind.OUT_OF_MEMORY) {
            leaveDevice(failure);
            return copyFromStandby(batch);
        }
        count("retried: out of memory");
        return runAgain(batch);
    }

    /** Runs a batch for which there was too little memory: whole, in halves, or a single row on the standby. */
    private BatchResult runAgain(Batch batch) {
        if (standbyReason != null) {
            return copyFromStandby(batch);
        }
        try (PendingBatch pending = device().submit(batch)) {
            return BatchParts.copy(pending.await());
        } catch (DeviceFailureException e) {
            if (e.kind() != DeviceFailureException.Kind.OUT_OF_MEMORY) {
                leaveDevice(e);
                return copyFromStandby(batch);
            }
            if (batch.rowCount() <= 1 || !canSplit) {
                fallbacks.merge(e.getMessage(), 1L, Long::sum);
                return copyOf(standby().submit(batch));
            }
        }
        count("split: out of memory");
        int half = batch.rowCount() / 2;
        List<BatchResult> halves = new ArrayList<>();
        halves.add(runAgain(BatchParts.rows(batch, 0, half)));
        halves.add(runAgain(BatchParts.rows(batch, half, batch.rowCount() - half)));
        return BatchParts.joined(halves);
    }

    private BackendTask device() {
        if (device == null) {
            throw new IllegalStateException("There is no device to run again on");
        }
        return device;
    }

    private BatchResult copyFromStandby(Batch batch) {
        return copyOf(onStandby(batch));
    }

    private static BatchResult copyOf(PendingBatch pending) {
        try (pending) {
            return BatchParts.copy(pending.await());
        }
    }

    private void count(String recovery) {
        recoveries.merge(recovery, 1L, Long::sum);
    }

    @Override
    public Receipt receipt() {
        Receipt receipt = device == null ? Receipt.EMPTY : device.receipt();
        if (standby != null) {
            receipt = receipt.plus(standby.receipt());
        }
        return receipt.plus(Receipt.ofRecoveries(fallbacks, recoveries));
    }

    @Override
    public long nativeBytes() {
        long ofDevice = device == null ? 0 : device.nativeBytes();
        return ofDevice + (standby == null ? 0 : standby.nativeBytes());
    }

    @Override
    public void close() {
        try (BackendTask first = device;
                BackendTask second = standby) {
            LOG.trace("Closing {} and {}", first, second);
        }
    }

    /** A batch on the device, run again if the device fails. */
    private final class Recoverable implements PendingBatch {
        private final Batch batch;
        private @Nullable PendingBatch pending;
        private @Nullable DeviceFailureException failure;
        private @Nullable BatchResult result;

        Recoverable(Batch batch, PendingBatch pending) {
            this.batch = batch;
            this.pending = pending;
        }

        Recoverable(Batch batch, DeviceFailureException failure) {
            this.batch = batch;
            this.failure = failure;
        }

        @Override
        public BatchResult await() {
            if (result == null) {
                result = pending == null ? recovered() : awaited(pending);
            }
            return result;
        }

        private BatchResult awaited(PendingBatch running) {
            try {
                return running.await();
            } catch (DeviceFailureException e) {
                failure = e;
                close();
                return recovered();
            }
        }

        private BatchResult recovered() {
            if (failure == null) {
                throw new IllegalStateException("Cannot await a batch: it is closed");
            }
            return recover(batch, failure);
        }

        @Override
        public void close() {
            if (pending != null) {
                PendingBatch closed = pending;
                pending = null;
                closed.close();
            }
        }
    }
}
