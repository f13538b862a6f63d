package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sums up what steps take: multiply-adds of products, scalar operations of the others, and the bytes of their operands. */
final class StepCost {
    private final List<BufferSlot> slots;
    private final DimBinding dims;
    private final StepWork work;
    // What several steps read stays in a cache between them.
    private final Map<Integer, Double> invariantBytesBySlot = new HashMap<>();
    private double multiplyAdds;
    private double streamedBytes;
    private double operations;

    StepCost(List<BufferSlot> slots, DimBinding dims) {
        this.slots = slots;
        this.dims = dims;
        this.work = new StepWork(dims);
    }

    void add(Step step) {
        long amount = step.accept(work);
        if (step instanceof GemmStep gemm) {
            multiplyAdds += amount;
            boolean hasEpilogue = gemm.bias() != null || gemm.activation() != null;
            operations += hasEpilogue ? elements(gemm.out()) : 0;
        } else if (step instanceof SyrkStep) {
            multiplyAdds += amount;
        } else {
            operations += amount;
        }
        step.reads().forEach(this::addBytes);
        step.writes().forEach(this::addBytes);
    }

    private void addBytes(Operand operand) {
        BufferSlot slot = slots.get(operand.slot());
        double bytes = elements(operand) * slot.dtype().widthInBytes();
        if (slot.scope() == Scope.ROW) {
            streamedBytes += bytes;
        } else {
            invariantBytesBySlot.merge(operand.slot(), bytes, Math::max);
        }
    }

    /** How many elements of its slot an operand views, those that it repeats counted once. */
    private double elements(Operand operand) {
        double elements = 1;
        for (int axis = 0; axis < operand.rank(); axis++) {
            Dim stride = operand.strides().get(axis);
            elements *= stride.isKnown(0) ? 1 : operand.dims().get(axis).evaluate(dims);
        }
        return elements;
    }

    PlanCost cost(int steps, double copiedBytes) {
        double invariantBytes = invariantBytesBySlot.values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        return new PlanCost(steps, invariantBytes, copiedBytes, multiplyAdds, streamedBytes, operations);
    }
}
