package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.Step;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.List;

/** Whether a batch is what its plan takes. */
public final class BatchInputs {
    private BatchInputs() {}

    public static void require(List<ExecutionPlan.PlanInput> inputs, Batch batch) {
        if (batch.rowCount() < 0 || batch.inputs().size() != inputs.size()) {
            throw new IllegalArgumentException("Cannot run a batch of %d rows and %d inputs: the plan has %d row inputs"
                    .formatted(batch.rowCount(), batch.inputs().size(), inputs.size()));
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!fits(inputs.get(i), batch.inputs().get(i), batch)) {
                throw new IllegalArgumentException(
                        "Cannot run a batch of %d rows with %s: input '%s' is %s, not %s per row"
                                .formatted(
                                        batch.rowCount(),
                                        batch.dims(),
                                        inputs.get(i).name(),
                                        batch.inputs().get(i),
                                        inputs.get(i).type()));
            }
        }
    }

    /** Fails if a batch of no rows is to be reduced to a value that no rows have. */
    public static void requireReducible(ExecutionPlan plan, Batch batch) {
        if (batch.rowCount() > 0) {
            return;
        }
        for (Step step : plan.rowSteps()) {
            if (step instanceof ReduceRowsStep reduction && !reduction.op().hasIdentity()) {
                throw new IllegalArgumentException("Cannot reduce no rows into slot %d: there is no largest or smallest"
                        .formatted(reduction.accumulator().slot()));
            }
        }
    }

    private static boolean fits(ExecutionPlan.PlanInput input, HostTensor tensor, Batch batch) {
        Shape shape = input.type().shape();
        if (tensor.dtype() != input.type().dtype()
                || tensor.rank() != shape.rank() + 1
                || tensor.size(0) != batch.rowCount()) {
            return false;
        }
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (tensor.size(axis + 1) != shape.dim(axis).evaluate(batch.dims())) {
                return false;
            }
        }
        return true;
    }
}
