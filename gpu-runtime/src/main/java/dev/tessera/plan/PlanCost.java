package dev.tessera.plan;

import dev.tessera.tensor.DimBinding;

/**
 * What the row steps of a plan take, on any device, for one binding of its dims; what a cost model multiplies by rates.
 * Steps that depend on no row run once per task and are left out.
 *
 * @param steps how many there are
 * @param invariantBytes what they read once for all rows of a batch
 * @param copiedBytes what comes in and goes out, of one row
 * @param multiplyAdds of matrix products, of one row
 * @param streamedBytes what steps read and write, of one row
 * @param operations scalar functions and comparisons, of one row
 */
public record PlanCost(
        int steps,
        double invariantBytes,
        double copiedBytes,
        double multiplyAdds,
        double streamedBytes,
        double operations) {
    /**
     * The cost of a plan.
     *
     * @param dims binds all dims of the plan, which was verified with them
     */
    public static PlanCost of(ExecutionPlan plan, DimBinding dims) {
        StepCost sum = new StepCost(plan.slots(), dims);
        for (Step step : plan.rowSteps()) {
            sum.add(step);
        }
        double copied = 0;
        for (ExecutionPlan.PlanInput input : plan.rowInputs()) {
            copied += bytes(
                    input.type().dtype().widthInBytes(),
                    input.type().shape().elementCount().evaluate(dims));
        }
        for (ExecutionPlan.PlanOutput output : plan.outputs()) {
            if (plan.slots().get(output.value().slot()).scope() == Scope.ROW) {
                copied += bytes(
                        output.type().dtype().widthInBytes(),
                        output.type().shape().elementCount().evaluate(dims));
            }
        }
        return sum.cost(plan.rowSteps().size(), copied);
    }

    private static double bytes(int width, long elements) {
        return (double) width * elements;
    }
}
