package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.kernel.BoundBatch;
import dev.tessera.cuda.kernel.WorkQueue;
import dev.tessera.cuda.memory.DevicePool;
import dev.tessera.cuda.memory.PinnedPool;
import dev.tessera.cuda.memory.ResidentConstants;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.DeviceGate;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch on a stream: copies in, work, copies out, one after the other, nothing waiting for the host in between. Holds
 * memory of the device until the batch is complete, and of the host until it is closed.
 */
final class InFlight implements PendingBatch {
    private final CudaTask task;
    private final Lane lane;
    private final Batch batch;
    private final BoundBatch bound;
    private final List<ResidentConstants.Lease> leases = new ArrayList<>();
    private final List<PinnedPool.Buffer> staging = new ArrayList<>();
    private final List<PinnedPool.Buffer> results = new ArrayList<>();
    private DeviceGate.@Nullable Permit permit;
    private DevicePool.@Nullable Block block;
    private PinnedPool.@Nullable Buffer status;
    private @Nullable BatchResult result;
    private @Nullable RuntimeException failure;
    private boolean isStarted;
    private boolean isClosed;

    InFlight(CudaTask task, Lane lane, Batch batch, BoundBatch bound) {
        this.task = task;
        this.lane = lane;
        this.batch = batch;
        this.bound = bound;
    }

    /** Puts all of the batch on the stream. */
    void start(InvariantSlots invariants) {
        List<Long> addresses = new ArrayList<>(invariants.addresses(leases));
        long statusBytes = bound.checks().isEmpty() ? 0 : batch.rowCount() * RowStatus.BYTES_PER_ROW;
        ArenaLayout layout = ArenaLayout.of(bound.slotBytes(), addresses, statusBytes);
        permit = task.permit(layout.sizeInBytes());
        block = task.device().memory().allocate(layout.sizeInBytes());
        WorkQueue.Addresses placed = layout.at(block.address(), addresses);
        lane.mark(Lane.Mark.STARTED);
        copyIn(placed.slots());
        if (statusBytes > 0) {
            api().fill(placed.rowStatus(), (byte) 0, statusBytes, lane.stream());
        }
        lane.mark(Lane.Mark.COPIED_IN);
        task.queue().submit(bound.work(), placed, lane.stream());
        lane.mark(Lane.Mark.COMPUTED);
        copyOut(placed.slots());
        if (statusBytes > 0) {
            status = task.host().allocate(statusBytes);
            results.add(status);
            api().copyDeviceToHost(status.address(), placed.rowStatus(), statusBytes, lane.stream());
        }
        lane.mark(Lane.Mark.COPIED_OUT);
        isStarted = true;
    }

    /** Completes the batch unless it is still being put on its stream. */
    void finishIfStarted() {
        if (isStarted) {
            complete();
        }
    }

    private void copyIn(List<Long> slots) {
        List<ExecutionPlan.PlanInput> inputs = task.rowInputs();
        for (int i = 0; i < inputs.size(); i++) {
            HostTensor tensor = batch.inputs().get(i);
            if (tensor.sizeInBytes() > 0) {
                long address = task.host().addressOf(tensor);
                long from = address == 0 ? staged(tensor) : address;
                api().copyHostToDevice(slots.get(inputs.get(i).slot()), from, tensor.sizeInBytes(), lane.stream());
                task.counts().countBytes(tensor.sizeInBytes(), 0);
            }
        }
    }

    private long staged(HostTensor tensor) {
        PinnedPool.Buffer buffer = task.host().allocate(tensor.sizeInBytes());
        staging.add(buffer);
        HostMemory.copy(tensor, buffer.bytes());
        return buffer.address();
    }

    private void copyOut(List<Long> slots) {
        for (BoundBatch.Output output : bound.outputs()) {
            long size = sizeOf(output);
            if (size > 0) {
                PinnedPool.Buffer buffer = task.host().allocate(size);
                results.add(buffer);
                long from = slots.get(output.slot()) + output.offset();
                api().copyDeviceToHost(buffer.address(), from, size, lane.stream());
                task.counts().countBytes(0, size);
            }
        }
    }

    private long sizeOf(BoundBatch.Output output) {
        long rows = output.isShared() ? Math.min(1, batch.rowCount()) : batch.rowCount();
        return rows * output.rowBytes();
    }

    /** Whether it holds nothing of the device any more. */
    boolean isComplete() {
        return result != null || failure != null || isClosed;
    }

    /** Waits for the batch, gives back what it holds of the device, and keeps its failure, if any, for {@link #await}. */
    void complete() {
        if (isComplete()) {
            return;
        }
        try {
            task.enter();
            lane.waitFor(Lane.Mark.COPIED_OUT);
            result = read();
            countResult(result);
        } catch (CudaException e) {
            failure = task.device().failure(e);
            task.device().drain(lane.stream());
        } catch (RuntimeException e) {
            // Whoever awaits this batch hears of it, and not whoever submits another one.
            failure = e;
            task.device().drain(lane.stream());
        } finally {
            releaseDevice();
        }
    }

    private void countResult(BatchResult complete) {
        task.counts().countBatch(batch.rowCount(), complete.badRows().size());
        task.counts().countSteps(bound.stepsByKind());
        try {
            long copiedIn = lane.nanosBetween(Lane.Mark.STARTED, Lane.Mark.COPIED_IN);
            long computed = lane.nanosBetween(Lane.Mark.COPIED_IN, Lane.Mark.COMPUTED);
            long copiedOut = lane.nanosBetween(Lane.Mark.COMPUTED, Lane.Mark.COPIED_OUT);
            task.counts().countNanos(computed, copiedIn + copiedOut);
        } catch (CudaException e) {
            task.device().tolerate(e, AbsorbedFailures.NOT_MEASURED);
        }
    }

    private BatchResult read() {
        List<HostTensor> outputs = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < bound.outputs().size(); i++) {
            BoundBatch.Output output = bound.outputs().get(i);
            ExecutionPlan.PlanOutput planned = task.outputs().get(i);
            long[] ofRow = planned.type().shape().sizes(batch.dims());
            long[] sizes = new long[ofRow.length + 1];
            sizes[0] = batch.rowCount();
            System.arraycopy(ofRow, 0, sizes, 1, ofRow.length);
            ByteBuffer bytes = sizeOf(output) > 0 ? results.get(next++).bytes() : ByteBuffer.allocate(0);
            long stride = output.isShared() ? 0 : output.rowBytes();
            outputs.add(new HostTensor(planned.type().dtype(), sizes, bytes, 0, stride));
        }
        List<BatchResult.BadRow> badRows =
                status == null ? List.of() : RowStatus.badRows(status.bytes(), batch.rowCount(), bound.checks());
        return new BatchResult(outputs, badRows);
    }

    @Override
    public BatchResult await() {
        if (isClosed) {
            throw new IllegalStateException("Cannot await a batch: it is closed");
        }
        complete();
        if (result == null) {
            throw failure == null ? new IllegalStateException("A batch completed without a result") : failure;
        }
        return result;
    }

    /** Waits until nothing on the device uses what the batch holds, and gives it back. */
    @Override
    public void close() {
        if (!isClosed) {
            if (!isComplete()) {
                task.device().drain(lane.stream());
            }
            isClosed = true;
            releaseDevice();
            releaseResults();
            task.forget(this);
        }
    }

    private void releaseDevice() {
        releaseLeases();
        releaseStaging();
        releaseBlock();
        if (permit != null) {
            permit.close();
            permit = null;
        }
    }

    /** Lets constants go: nothing on the device reads them any more. */
    void releaseLeases() {
        leases.forEach(ResidentConstants.Lease::close);
        leases.clear();
    }

    /** Lets memory of the host go that rows were copied to: they are on the device. */
    void releaseStaging() {
        staging.forEach(task.host()::free);
        staging.clear();
    }

    /** Lets memory of the device go: nothing uses it any more. */
    void releaseBlock() {
        if (block != null) {
            block.close();
            block = null;
        }
    }

    /** Lets memory of the host go that results are in. */
    void releaseResults() {
        results.forEach(task.host()::free);
    }

    CudaDevice device() {
        return task.device();
    }

    private CudaApi api() {
        return task.device().api();
    }
}
