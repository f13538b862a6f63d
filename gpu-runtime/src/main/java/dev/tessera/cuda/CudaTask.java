package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.driver.KernelParameters;
import dev.tessera.cuda.kernel.BoundBatch;
import dev.tessera.cuda.kernel.WorkQueue;
import dev.tessera.cuda.memory.Releases;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchInputs;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.DeviceGate;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one plan on a device, a batch on each of two streams, so that one is copied while the other is computed. */
final class CudaTask implements BackendTask {
    private static final Logger LOG = LoggerFactory.getLogger(CudaTask.class);
    private static final int LANES = 2;
    private static final int MAX_BINDINGS = 64;

    private final CudaDevice device;
    private final TaskSpec spec;
    private final List<ExecutionPlan.PlanInput> rowInputs;
    private final HostMemory host;
    private final Counts counts;
    private final long blas;
    private final WorkQueue queue;
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<Binding, BoundBatch> bindings = new LinkedHashMap<>();
    private final Set<InFlight> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable InvariantSlots invariants;
    private @Nullable DimBinding lastDims;
    private int nextLane;
    private boolean isClosed;

    /** What the steps of a batch are bound to. */
    private record Binding(DimBinding dims, int rowCount) {}

    /** A task on a device that the calling thread has entered. */
    CudaTask(CudaDevice device, TaskSpec spec, CudaSettings settings) {
        this.device = device;
        this.spec = spec;
        this.rowInputs = spec.plan().rowInputs();
        this.host = new HostMemory(device.pinned());
        this.counts = new Counts(device.name());
        device.countOpenTask(1);
        boolean isDone = false;
        try {
            this.blas = device.takeBlas();
            int bytes = (int) KernelParameters.sizeInBytes(WorkQueue.MAX_ARGUMENTS);
            KernelParameters parameters =
                    new KernelParameters(host.allocate(bytes).memory(), 0, WorkQueue.MAX_ARGUMENTS);
            WorkQueue.Blas products = new WorkQueue.Blas(blas, settings.float32());
            this.queue = new WorkQueue(device.api(), device.kernels(), parameters, products);
            for (int i = 0; i < LANES; i++) {
                lanes.add(new Lane(device.api()));
            }
            isDone = true;
        } finally {
            if (!isDone) {
                release();
            }
        }
    }

    CudaDevice device() {
        return device;
    }

    HostMemory host() {
        return host;
    }

    Counts counts() {
        return counts;
    }

    WorkQueue queue() {
        return queue;
    }

    List<ExecutionPlan.PlanInput> rowInputs() {
        return rowInputs;
    }

    List<ExecutionPlan.PlanOutput> outputs() {
        return spec.plan().outputs();
    }

    void enter() {
        device.enter();
    }

    @Override
    public HostBuffer allocateHost(long sizeInBytes) {
        requireOpen();
        try {
            device.enter();
            return host.gathering(sizeInBytes);
        } catch (CudaException e) {
            device.tolerate(e, AbsorbedFailures.ORDINARY_MEMORY);
        } catch (DeviceFailureException e) {
            LOG.debug("Gathering rows in ordinary memory: {}", e.getMessage());
            device.absorbed().add(AbsorbedFailures.ORDINARY_MEMORY);
        }
        return host.ordinary(sizeInBytes);
    }

    @Override
    public int pipelineDepth() {
        return LANES;
    }

    @Override
    public int maxRows(DimBinding dims) {
        try {
            return BatchRoom.maxRows(device, spec, dims, LANES);
        } catch (DeviceFailureException e) {
            LOG.debug("Any number of rows, for they will not run here: {}", e.getMessage());
            return Integer.MAX_VALUE;
        }
    }

    @Override
    public PendingBatch submit(Batch batch) {
        requireOpen();
        BatchInputs.require(rowInputs, batch);
        BatchInputs.requireReducible(spec.plan(), batch);
        device.enter();
        try {
            return start(batch);
        } catch (CudaException e) {
            throw device.failure(e);
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("Cannot use a GPU task: it is closed");
        }
    }

    private PendingBatch start(Batch batch) {
        InvariantSlots known = invariants(batch.dims());
        BoundBatch bound = bindings.computeIfAbsent(
                new Binding(batch.dims(), batch.rowCount()),
                binding -> BoundBatch.ofRows(spec.plan(), binding.dims(), binding.rowCount()));
        if (bindings.size() > MAX_BINDINGS) {
            bindings.keySet().remove(bindings.keySet().iterator().next());
        }
        Lane lane = lanes.get(nextLane);
        nextLane = (nextLane + 1) % LANES;
        InFlight started = new InFlight(this, lane, batch, bound);
        lane.take(started);
        open.add(started);
        device.batchesOfThread().add(started);
        boolean isStarted = false;
        try {
            started.start(known);
            isStarted = true;
            return started;
        } finally {
            if (!isStarted) {
                started.close();
            }
        }
    }

    private InvariantSlots invariants(DimBinding dims) {
        InvariantSlots known = invariants;
        if (known == null) {
            known = InvariantSlots.of(device, spec, dims, host, queue);
            invariants = known;
        } else if (!dims.equals(lastDims)) {
            spec.requireParameters(dims);
        }
        lastDims = dims;
        return known;
    }

    /**
     * A permit for device memory. If there is no room now, first everything is finished that the calling thread has in
     * flight, in this task or another, here or on another device: who holds a permit must not wait for one.
     */
    DeviceGate.Permit permit(long bytes) {
        DeviceGate.Permit permit = device.gate().tryAcquire(bytes);
        if (permit != null) {
            return permit;
        }
        device.batchesOfThread().finish();
        device.enter();
        try {
            return device.gate().acquire(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            CancellationException cancelled =
                    new CancellationException("Cannot wait for memory of the GPU: the thread is interrupted");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    void forget(InFlight batch) {
        device.batchesOfThread().remove(batch);
        open.remove(batch);
    }

    @Override
    public Receipt receipt() {
        counts.countRecoveries(device.absorbed().take());
        return counts.receipt(queue.launchesByKind());
    }

    @Override
    public long nativeBytes() {
        return host.sizeInBytes();
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        List.copyOf(open).forEach(InFlight::close);
        if (invariants != null) {
            invariants.close();
        }
        release();
    }

    /** Gives back what a task has as long as it is open, or failed to open. */
    private void release() {
        host.close();
        if (!device.isLost()) {
            Releases releases = new Releases();
            releases.attempt(device::enter);
            lanes.forEach(lane -> releases.attempt(lane::close));
            try {
                releases.finish();
            } catch (CudaException e) {
                device.tolerate(e, AbsorbedFailures.NOT_GIVEN_BACK);
            } catch (DeviceFailureException e) {
                LOG.warn("Cannot close a task: {}", e.getMessage());
            }
        }
        device.giveBackBlas(blas);
        device.countOpenTask(-1);
    }
}
