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
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The row-invariant slots of a task: constants and parameters, and what is computed from them alone, once. */
final class InvariantMemory {
    private final TaskSpec spec;
    private final TaskMemory memory;
    private final @Nullable Elements[] slots;

    private InvariantMemory(TaskSpec spec, TaskMemory memory) {
        this.spec = spec;
        this.memory = memory;
        this.slots = new Elements[spec.plan().slots().size()];
    }

    /** Takes the values of {@code spec} and runs the invariant steps. */
    static InvariantMemory of(TaskSpec spec, DimBinding dims, CpuWork work) {
        InvariantMemory invariants = new InvariantMemory(spec, work.memory());
        invariants.takeValues();
        ExecutionPlan plan = spec.plan();
        if (!plan.invariantSteps().isEmpty()) {
            BoundPlan bound = BoundPlan.ofInvariants(plan, dims, work.kernels());
            Elements[] elements = invariants.slotsOf(bound, new ArrayList<>());
            work.run(bound.steps(), new Frame(1, elements));
            System.arraycopy(elements, 0, invariants.slots, 0, invariants.slots.length);
        }
        return invariants;
    }

    private void takeValues() {
        Set<Integer> multiplied = multipliedSlots(spec.plan());
        for (ExecutionPlan.PlanConstant constant : spec.plan().constants()) {
            HostTensor value = required(spec.constants(), constant.digest(), "constant");
            requireType(value, constant.type(), DimBinding.EMPTY, "constant " + constant.digest());
            slots[constant.slot()] = elements(value, multiplied.contains(constant.slot()));
        }
        for (ExecutionPlan.PlanInput parameter : spec.plan().parameters()) {
            HostTensor value = required(spec.parameters(), parameter.name(), "parameter");
            slots[parameter.slot()] = elements(value, multiplied.contains(parameter.slot()));
        }
    }

    private static HostTensor required(Map<String, HostTensor> values, String key, String what) {
        HostTensor value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "Cannot run plan: %s '%s' has no value; bound are %s".formatted(what, key, values.keySet()));
        }
        return value;
    }

    /** Fails unless the parameters have the sizes that {@code dims} says. */
    static void requireParameters(TaskSpec spec, DimBinding dims) {
        for (ExecutionPlan.PlanInput parameter : spec.plan().parameters()) {
            HostTensor value = required(spec.parameters(), parameter.name(), "parameter");
            requireType(value, parameter.type(), dims, "parameter '" + parameter.name() + "'");
        }
    }

    private static void requireType(HostTensor value, TensorType type, DimBinding dims, String what) {
        if (value.dtype() != type.dtype()
                || !Arrays.equals(value.sizes(), type.shape().sizes(dims))) {
            throw new IllegalArgumentException(
                    "Cannot run plan: %s is %s, not %s with %s".formatted(what, value, type, dims));
        }
    }

    /** The value in place, unless it has gaps or a product reads it faster outside the heap. */
    private Elements elements(HostTensor value, boolean isMultiplied) {
        boolean isNativeEnough =
                !isMultiplied || !memory.isNative() || value.storage().isDirect();
        if (value.isContiguous() && isNativeEnough) {
            return Elements.ofInvariant(value);
        }
        var bytes = memory.allocate(value.sizeInBytes()).bytes();
        TensorCopy.copy(value, bytes);
        return Elements.of(value.dtype(), bytes, 0);
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

    /** The slots of a bound plan: those of here, and new memory, told to {@code added}, for its other row-invariant ones. */
    Elements[] slotsOf(BoundPlan bound, List<Block> added) {
        Elements[] elements = new Elements[bound.slots().size()];
        for (int slot = 0; slot < elements.length; slot++) {
            BoundSlot type = bound.slots().get(slot);
            Elements known = slot < slots.length ? slots[slot] : null;
            if (known != null) {
                elements[slot] = known;
            } else if (type.scope().isRowInvariant()) {
                long bytes =
                        Math.multiplyExact(type.elementCount(), type.dtype().widthInBytes());
                elements[slot] =
                        Elements.of(type.dtype(), memory.allocate(bytes).bytes(), 0);
            }
        }
        return elements;
    }
}
