package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.TensorType;
import java.util.List;

/**
 * A compiled graph: slots, what fills them, and the steps in order. Row-invariant steps come first in
 * {@code invariantSteps} and run once per task; {@code rowSteps} run for every batch. Immutable and shared freely.
 *
 * <p>Values of constants do not ride in the plan: a {@link PlanConstant} names one by the digest of its bytes.
 */
public record ExecutionPlan(
        List<BufferSlot> slots,
        List<PlanConstant> constants,
        List<PlanInput> inputs,
        List<DimEquality> equalities,
        List<Step> invariantSteps,
        List<Step> rowSteps,
        List<PlanOutput> outputs) {
    public ExecutionPlan {
        slots = List.copyOf(slots);
        constants = List.copyOf(constants);
        inputs = List.copyOf(inputs);
        equalities = List.copyOf(equalities);
        invariantSteps = List.copyOf(invariantSteps);
        rowSteps = List.copyOf(rowSteps);
        outputs = List.copyOf(outputs);
    }

    /** A constant of known shape: the slot it fills and the SHA-256, in lower-case hex, of its dtype, shape and bytes. */
    public record PlanConstant(int slot, TensorType type, String digest) {}

    /** An input, contiguous in its slot; a column if the slot's scope is ROW, a parameter if it is PARAMETER. */
    public record PlanInput(String name, TensorType type, int slot) {}

    /** An output: any view of a slot of any scope; a row-invariant one is the same for every row. */
    public record PlanOutput(String name, TensorType type, Operand value) {}

    /** Two dims that must have the same size once known, and the expression that asks for it. */
    public record DimEquality(Dim left, Dim right, String reason) {}

    public List<PlanInput> rowInputs() {
        return inputsOf(Scope.ROW);
    }

    public List<PlanInput> parameters() {
        return inputsOf(Scope.PARAMETER);
    }

    private List<PlanInput> inputsOf(Scope scope) {
        return inputs.stream()
                .filter(input -> slots.get(input.slot()).scope() == scope)
                .toList();
    }

    /** The bytes that one row of a batch takes in all ROW slots, as an expression of the dims. */
    public Dim peakBytesPerRow() {
        Dim sum = Dim.ZERO;
        for (BufferSlot slot : slots) {
            if (slot.scope() == Scope.ROW) {
                sum = sum.plus(slot.sizeInBytes());
            }
        }
        return sum;
    }
}
