package dev.tessera.cpu;

import dev.tessera.cpu.memory.Block;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.step.BoundPlan;
import dev.tessera.cpu.step.BoundSlot;
import dev.tessera.cpu.step.Frame;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Step;
import dev.tessera.plan.SyrkStep;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The row-invariant slots of a task: constants and parameters, and what is computed from them alone, once; what depends
 * on no parameter is shared with other tasks. Confined to the task's thread, which closes it.
 */
final class InvariantMemory implements AutoCloseable {
    private final TaskSpec spec;
    private final CpuWork work;
    private final PlanConstants constants;
    private final @Nullable Elements[] slots;

    InvariantMemory(TaskSpec spec, CpuWork work, SharedConstants shared) {
        this.spec = spec;
        this.work = work;
        this.constants = new PlanConstants(spec, work, shared);
        this.slots = new Elements[spec.plan().slots().size()];
    }

    /** Takes the values of the task and runs the steps that depend on no row. To be called once that succeeds. */
    void fill(DimBinding dims) {
        constants.fill(slots);
        for (ExecutionPlan.PlanInput parameter : spec.plan().parameters()) {
            HostTensor value = spec.parameter(parameter, dims);
            slots[parameter.slot()] = constants.needsCopy(parameter.slot(), value)
                    ? PlanConstants.copy(value, work.memory())
                    : Elements.ofInvariant(value);
        }
        List<Step> own = constants.steps().own();
        if (!own.isEmpty()) {
            BoundPlan bound = BoundPlan.ofInvariants(spec.plan(), own, dims, work.kernels());
            run(own, bound, slots, work.memory(), work);
        }
    }

    static Set<Integer> multipliedSlots(ExecutionPlan plan) {
        List<Step> steps = new ArrayList<>(plan.invariantSteps());
        steps.addAll(plan.rowSteps());
        Set<Integer> slots = new HashSet<>();
        for (Step step : steps) {
            if (step instanceof GemmStep gemm) {
                slots.add(gemm.a().slot());
                slots.add(gemm.b().slot());
            } else if (step instanceof SyrkStep syrk) {
                slots.add(syrk.a().slot());
            }
        }
        return slots;
    }

    /** The slots of bound row steps: those of here, and new memory, told to {@code added}, for the row-invariant ones added. */
    Elements[] slotsOf(BoundPlan bound, List<Block> added) {
        Elements[] elements = Arrays.copyOf(slots, bound.slots().size());
        for (int slot = slots.length; slot < elements.length; slot++) {
            BoundSlot type = bound.slots().get(slot);
            if (type.scope().isRowInvariant()) {
                Block block = work.memory().allocate(type.sizeInBytes());
                added.add(block);
                elements[slot] = Elements.of(type.dtype(), block.bytes(), 0);
            }
        }
        return elements;
    }

    static Elements allocate(BoundSlot slot, TaskMemory memory) {
        return Elements.of(slot.dtype(), memory.allocate(slot.sizeInBytes()).bytes(), 0);
    }

    /** Runs invariant steps on the {@code known} slots; what they write in others is new in {@code memory}, and then known. */
    static void run(List<Step> steps, BoundPlan bound, Elements[] known, TaskMemory memory, CpuWork work) {
        Elements[] elements = Arrays.copyOf(known, bound.slots().size());
        Set<Integer> written = SharedSteps.written(steps);
        for (int slot = 0; slot < elements.length; slot++) {
            if (elements[slot] == null && (slot >= known.length || written.contains(slot))) {
                elements[slot] = allocate(bound.slots().get(slot), memory);
            }
        }
        work.run(bound.steps(), new Frame(1, elements));
        System.arraycopy(elements, 0, known, 0, known.length);
    }

    @Override
    public void close() {
        constants.close();
    }
}
