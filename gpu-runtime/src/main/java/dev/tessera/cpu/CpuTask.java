package dev.tessera.cpu;

import dev.tessera.cpu.memory.Block;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.step.BoundPlan;
import dev.tessera.cpu.step.BoundSlot;
import dev.tessera.cpu.step.Frame;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Scope;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchInputs;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs one plan on the CPU, each batch before {@link #submit} returns. */
final class CpuTask implements BackendTask {
    /** Bindings of unknown dims whose steps are kept; each new one costs as much as a small batch. */
    private static final int MAX_BINDINGS = 64;

    private final TaskSpec spec;
    private final CpuWork work;
    private final List<ExecutionPlan.PlanInput> rowInputs;
    private final Set<Integer> multipliedSlots;
    private final Map<DimBinding, BoundRows> bindings = new LinkedHashMap<>();
    private final Deque<BatchArena> freeArenas = new ArrayDeque<>();
    private final InvariantMemory invariants;
    private boolean hasInvariants;

    CpuTask(TaskSpec spec, CpuWork work, SharedConstants constants) {
        this.spec = spec;
        this.work = work;
        this.invariants = new InvariantMemory(spec, work, constants);
        this.rowInputs = spec.plan().rowInputs();
        this.multipliedSlots = InvariantMemory.multipliedSlots(spec.plan());
    }

    @Override
    public HostBuffer allocateHost(long sizeInBytes) {
        return new TaskBuffer(work.memory(), work.memory().allocate(sizeInBytes));
    }

    @Override
    public int pipelineDepth() {
        return 1;
    }

    @Override
    public PendingBatch submit(Batch batch) {
        work.memory().requireOpen();
        BatchInputs.require(rowInputs, batch);
        BatchInputs.requireReducible(spec.plan(), batch);
        BoundRows rows = bindings.get(batch.dims());
        if (rows == null) {
            rows = bind(batch.dims());
        }
        BatchArena arena = freeArenas.isEmpty() ? new BatchArena(work.memory()) : freeArenas.pop();
        boolean isDone = false;
        try {
            BatchResult result = run(batch, rows, arena);
            isDone = true;
            return new FinishedBatch(result, () -> freeArenas.push(arena));
        } finally {
            if (!isDone) {
                freeArenas.push(arena);
            }
        }
    }

    private BoundRows bind(DimBinding dims) {
        spec.requireParameters(dims);
        if (!hasInvariants) {
            invariants.fill(dims);
            hasInvariants = true;
        }
        BoundPlan plan = BoundPlan.ofRows(spec.plan(), dims, work.kernels());
        List<Block> blocks = new ArrayList<>();
        Elements[] elements = invariants.slotsOf(plan, blocks);
        work.run(plan.preparation(), new Frame(1, elements));
        if (bindings.size() == MAX_BINDINGS) {
            Iterator<BoundRows> eldest = bindings.values().iterator();
            eldest.next().blocks().forEach(work.memory()::free);
            eldest.remove();
        }
        BoundRows rows = new BoundRows(plan, new BoundRows.InvariantSlots(elements), blocks);
        bindings.put(dims, rows);
        return rows;
    }

    private BatchResult run(Batch batch, BoundRows rows, BatchArena arena) {
        BoundPlan plan = rows.plan();
        Elements[] elements = rows.invariants().copy();
        long bytesIn = takeInputs(batch, elements, arena);
        for (int slot = 0; slot < elements.length; slot++) {
            BoundSlot type = plan.slots().get(slot);
            // A row-invariant slot without elements is one that no step here reads.
            if (elements[slot] == null && !type.scope().isRowInvariant()) {
                long count = type.scope() == Scope.ROW ? batch.rowCount() : 1;
                long bytes = Math.multiplyExact(
                        Math.multiplyExact(count, type.elementCount()),
                        type.dtype().widthInBytes());
                long rowStride = type.scope() == Scope.ROW ? type.elementCount() : 0;
                elements[slot] = arena.elements(slot, type.dtype(), bytes, rowStride);
            }
        }
        Frame frame = new Frame(batch.rowCount(), elements);
        work.run(plan.steps(), frame);
        BatchResult result = BatchOutputs.of(spec.plan().outputs(), plan.outputs(), frame);
        work.countBatch(batch.rowCount(), result.badRows().size());
        work.countBytes(bytesIn, BatchOutputs.sizeInBytes(result));
        return result;
    }

    private long takeInputs(Batch batch, Elements[] elements, BatchArena arena) {
        long bytes = 0;
        for (int i = 0; i < rowInputs.size(); i++) {
            HostTensor tensor = batch.inputs().get(i);
            int slot = rowInputs.get(i).slot();
            boolean isNativeEnough = !multipliedSlots.contains(slot)
                    || !work.memory().isNative()
                    || tensor.storage().isDirect();
            bytes += tensor.sizeInBytes();
            if (isNativeEnough && Elements.canView(tensor)) {
                elements[slot] = Elements.ofRows(tensor);
            } else {
                long start = System.nanoTime();
                Block block = arena.block(slot, tensor.sizeInBytes());
                elements[slot] = TensorCopy.ofRows(tensor, block.bytes());
                work.countCopy(System.nanoTime() - start);
            }
        }
        return bytes;
    }

    @Override
    public Receipt receipt() {
        return work.receipt();
    }

    @Override
    public long nativeBytes() {
        return work.memory().nativeBytes();
    }

    @Override
    public void close() {
        work.memory().close();
        invariants.close();
    }
}
