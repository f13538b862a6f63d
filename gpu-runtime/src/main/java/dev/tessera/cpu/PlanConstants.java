package dev.tessera.cpu;

import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.step.BoundPlan;
import dev.tessera.plan.ConstantDigest;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The constants of a task and what is computed from them alone: in place, or leased from {@link SharedConstants} until
 * this is closed. Confined to the task's thread.
 */
final class PlanConstants implements AutoCloseable {
    private final TaskSpec spec;
    private final CpuWork work;
    private final SharedConstants shared;
    private final SharedSteps steps;
    private final Set<Integer> multipliedSlots;
    private final Deque<SharedConstants.Lease> leases = new ArrayDeque<>();

    /** A constant that is shared by whoever means the same bytes. */
    private record Copied(String digest, TensorType type) {}

    /** What is computed from the constants of a plan alone. */
    private record Computed(ExecutionPlan plan) {}

    PlanConstants(TaskSpec spec, CpuWork work, SharedConstants shared) {
        this.spec = spec;
        this.work = work;
        this.shared = shared;
        this.steps = SharedSteps.of(spec.plan());
        this.multipliedSlots = InvariantMemory.multipliedSlots(spec.plan());
    }

    SharedSteps steps() {
        return steps;
    }

    /** Fills the slots of constants, and of what is computed from them alone, that other steps read. */
    void fill(@Nullable Elements[] slots) {
        for (ExecutionPlan.PlanConstant constant : spec.plan().constants()) {
            HostTensor value = spec.constant(constant);
            if (steps.ownReads().contains(constant.slot())) {
                slots[constant.slot()] = elements(constant, value, leases);
            }
        }
        List<Integer> kept = steps.kept();
        if (!kept.isEmpty()) {
            SharedConstants.Lease lease = shared.lease(new Computed(spec.plan()), this::compute);
            leases.push(lease);
            for (int i = 0; i < kept.size(); i++) {
                slots[kept.get(i)] = lease.values().get(i);
            }
        }
    }

    /** The slots that the shared steps leave, in order, in {@code memory}. */
    private List<Elements> compute(TaskMemory memory) {
        Elements[] slots = new Elements[spec.plan().slots().size()];
        BoundPlan bound = BoundPlan.ofInvariants(spec.plan(), steps.shared(), DimBinding.EMPTY, work.kernels());
        for (int slot : steps.kept()) {
            slots[slot] = InvariantMemory.allocate(bound.slots().get(slot), memory);
        }
        Deque<SharedConstants.Lease> whileComputing = new ArrayDeque<>();
        try (TaskMemory scratch = memory.beside()) {
            for (ExecutionPlan.PlanConstant constant : spec.plan().constants()) {
                if (steps.sharedReads().contains(constant.slot())) {
                    HostTensor value = spec.constant(constant);
                    slots[constant.slot()] = elements(constant, value, whileComputing);
                    // A copy is of bytes that were looked at when it was made.
                    if (!needsCopy(constant.slot(), value)) {
                        requireDigest(constant, value);
                    }
                }
            }
            InvariantMemory.run(steps.shared(), bound, slots, scratch, work);
        } finally {
            whileComputing.forEach(SharedConstants.Lease::close);
        }
        return steps.kept().stream().map(slot -> slots[slot]).toList();
    }

    /** The value in place, or a leased copy of it. */
    private Elements elements(
            ExecutionPlan.PlanConstant constant, HostTensor value, Deque<SharedConstants.Lease> held) {
        if (!needsCopy(constant.slot(), value)) {
            return Elements.ofInvariant(value);
        }
        SharedConstants.Lease lease = shared.lease(new Copied(constant.digest(), constant.type()), memory -> {
            requireDigest(constant, value);
            return List.of(copy(value, memory));
        });
        held.push(lease);
        return lease.values().get(0);
    }

    /** Whether a value has gaps, or products read it faster outside the heap, where it is not. */
    boolean needsCopy(int slot, HostTensor value) {
        boolean isNativeEnough = !multipliedSlots.contains(slot)
                || !work.memory().isNative()
                || value.storage().isDirect();
        return !value.isContiguous() || !isNativeEnough;
    }

    static Elements copy(HostTensor value, TaskMemory memory) {
        ByteBuffer bytes = memory.allocate(value.sizeInBytes()).bytes();
        TensorCopy.copy(value, bytes);
        return Elements.of(value.dtype(), bytes, 0);
    }

    /** Fails unless the value is the one meant, for what is made of it is given to other tasks too. */
    private static void requireDigest(ExecutionPlan.PlanConstant constant, HostTensor value) {
        String digest = ConstantDigest.of(value);
        if (!digest.equals(constant.digest())) {
            throw new IllegalArgumentException("Cannot run plan: the value given for constant %s is %s with digest %s"
                    .formatted(constant.digest(), value, digest));
        }
    }

    @Override
    public void close() {
        while (!leases.isEmpty()) {
            leases.pop().close();
        }
    }
}
