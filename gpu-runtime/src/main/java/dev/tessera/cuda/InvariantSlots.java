package dev.tessera.cuda;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.kernel.BoundBatch;
import dev.tessera.cuda.kernel.WorkQueue;
import dev.tessera.cuda.memory.DevicePool;
import dev.tessera.cuda.memory.PinnedPool;
import dev.tessera.cuda.memory.ResidentConstants;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Operand;
import dev.tessera.plan.Step;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The row-invariant slots of a task on its device: constants, which stay there for other tasks too, parameters, and what
 * the invariant steps compute, once.
 */
final class InvariantSlots implements AutoCloseable {
    private static final long ALIGNMENT = 256;

    private final CudaDevice device;
    private final TaskSpec spec;
    private final HostMemory host;
    private final long[] ofTask;
    private final DevicePool.Block block;

    private InvariantSlots(CudaDevice device, TaskSpec spec, HostMemory host, long[] offsets, DevicePool.Block block) {
        this.device = device;
        this.spec = spec;
        this.host = host;
        this.block = block;
        this.ofTask = Arrays.stream(offsets)
                .map(offset -> offset < 0 ? 0 : block.address() + offset)
                .toArray();
    }

    /** Uploads the parameters and runs the invariant steps; waits for both. */
    static InvariantSlots of(CudaDevice device, TaskSpec spec, DimBinding dims, HostMemory host, WorkQueue queue) {
        ExecutionPlan plan = spec.plan();
        BoundBatch bound = BoundBatch.ofInvariants(plan, dims);
        Set<Integer> own = new TreeSet<>();
        plan.parameters().forEach(parameter -> own.add(parameter.slot()));
        for (Step step : plan.invariantSteps()) {
            step.writes().stream().map(Operand::slot).forEach(own::add);
        }
        long[] offsets = new long[plan.slots().size()];
        Arrays.fill(offsets, -1);
        long size = 0;
        for (int slot : own) {
            offsets[slot] = size;
            size += (bound.slotBytes().get(slot) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        InvariantSlots slots =
                new InvariantSlots(device, spec, host, offsets, device.memory().allocate(size + 2 * Long.BYTES));
        boolean isDone = false;
        try {
            slots.fill(bound, dims, queue, slots.block.address() + size);
            isDone = true;
            return slots;
        } finally {
            if (!isDone) {
                slots.close();
            }
        }
    }

    private void fill(BoundBatch bound, DimBinding dims, WorkQueue queue, long rowStatus) {
        CudaApi api = device.api();
        List<PinnedPool.Buffer> staged = new ArrayList<>();
        List<ResidentConstants.Lease> leases = new ArrayList<>();
        try (Errand errand = new Errand(device)) {
            long stream = errand.stream();
            for (ExecutionPlan.PlanInput parameter : spec.plan().parameters()) {
                HostTensor value = spec.parameter(parameter, dims);
                if (value.sizeInBytes() > 0) {
                    upload(value, ofTask[parameter.slot()], stream, staged);
                }
            }
            if (!bound.work().isEmpty()) {
                api.fill(rowStatus, (byte) 0, 2 * Long.BYTES, stream);
                queue.submit(bound.work(), new WorkQueue.Addresses(addresses(leases), rowStatus), stream);
            }
            PinnedPool.Buffer status = host.allocate(2 * Long.BYTES);
            staged.add(status);
            status.bytes().putLong(0, 0);
            if (!bound.checks().isEmpty()) {
                api.copyDeviceToHost(status.address(), rowStatus, 2 * Long.BYTES, stream);
            }
            errand.finish();
            long check = status.bytes().getLong(0);
            if (check != 0) {
                throw new IllegalArgumentException("Cannot run plan: "
                        + RowStatus.reason(
                                bound.checks().get((int) check - 1),
                                status.bytes().getLong(Long.BYTES)));
            }
        } finally {
            leases.forEach(ResidentConstants.Lease::close);
            staged.forEach(host::free);
        }
    }

    private void upload(HostTensor value, long address, long stream, List<PinnedPool.Buffer> staged) {
        PinnedPool.Buffer staging = host.allocate(value.sizeInBytes());
        staged.add(staging);
        HostMemory.copy(value, staging.bytes());
        device.api().copyHostToDevice(address, staging.address(), value.sizeInBytes(), stream);
    }

    /** The address of every slot that is filled, 0 for others; constants are leased until {@code leases} are closed. */
    List<Long> addresses(List<ResidentConstants.Lease> leases) {
        List<Long> addresses = new ArrayList<>();
        Arrays.stream(ofTask).forEach(addresses::add);
        for (ExecutionPlan.PlanConstant constant : spec.plan().constants()) {
            HostTensor value = spec.constant(constant);
            ResidentConstants.Lease lease = device.constants()
                    .lease(
                            constant.digest(),
                            value.sizeInBytes(),
                            device.memory()::allocate,
                            filled -> uploadConstant(value, filled));
            leases.add(lease);
            addresses.set(constant.slot(), lease.address());
        }
        return Collections.unmodifiableList(addresses);
    }

    private void uploadConstant(HostTensor value, DevicePool.Block filled) {
        if (value.sizeInBytes() == 0) {
            return;
        }
        List<PinnedPool.Buffer> staged = new ArrayList<>();
        try (Errand errand = new Errand(device)) {
            upload(value, filled.address(), errand.stream(), staged);
            errand.finish();
        } finally {
            staged.forEach(host::free);
        }
    }

    @Override
    public void close() {
        block.close();
    }
}
