package dev.tessera.plan;

import dev.tessera.tensor.DimBinding;

/**
 * Proves that a plan is safe to run, whoever made it: no step reads what is not there, writes where it must not, or runs
 * without end.
 *
 * <p>{@link #verify} checks what holds for all sizes, once for a plan; {@link #verifyBound} checks the rest, once for
 * every new binding of its unknown dims. A backend runs a plan only after both. An operand of which an axis has size 0
 * touches nothing, and so may have any offset.
 */
public final class PlanVerifier {
    private PlanVerifier() {}

    /**
     * Checks a plan before its unknown dims are bound.
     *
     * @throws PlanFormatException if it can run with no binding
     */
    public static void verify(ExecutionPlan plan) {
        Place place = Place.inPlan();
        PlanStructure structure = new PlanStructure(plan);
        place.check("", () -> PlanStructure.checkCounts(plan));
        place.check("inputs: ", structure::bindNames);
        place.checkAll("slot", plan.slots(), structure::checkSlot);
        place.checkAll("constant", plan.constants(), structure::checkConstant);
        place.checkAll("input", plan.inputs(), structure::checkInput);
        place.check("", structure::checkUniqueNames);
        place.checkAll("equality", plan.equalities(), structure::checkEquality);
        place.checkSteps("invariant step", plan.invariantSteps(), structure::checkInvariantStep);
        place.checkSteps("row step", plan.rowSteps(), structure::checkRowStep);
        place.checkAll("output", plan.outputs(), structure::checkOutput);
        checkShapes(plan, Sizes.UNBOUND, place);
    }

    /** As {@link #verifyBound(ExecutionPlan, DimBinding, RunLimits)} within {@link RunLimits#DEFAULT}. */
    public static void verifyBound(ExecutionPlan plan, DimBinding binding) {
        verifyBound(plan, binding, RunLimits.DEFAULT);
    }

    /**
     * Checks a verified plan under a binding of its unknown dims.
     *
     * @throws PlanBindingException if it cannot run with these sizes, or takes more than {@code limits}
     */
    public static void verifyBound(ExecutionPlan plan, DimBinding binding, RunLimits limits) {
        Place place = Place.inPlanBoundTo(binding);
        place.check("", () -> requireSizes(binding));
        checkShapes(plan, Sizes.of(binding), place);
        place.check("", () -> new RunCost(plan, binding).requireWithin(limits));
    }

    private static void checkShapes(ExecutionPlan plan, Sizes sizes, Place place) {
        PlanShapes shapes = new PlanShapes(plan, sizes);
        place.checkAll("equality", plan.equalities(), shapes::checkEquality);
        place.checkAll("slot", plan.slots(), shapes::checkSlot);
        place.checkAll("constant", plan.constants(), shapes::checkConstant);
        place.checkAll("input", plan.inputs(), shapes::checkInput);
        place.checkSteps("invariant step", plan.invariantSteps(), shapes::checkStep);
        place.checkSteps("row step", plan.rowSteps(), shapes::checkStep);
        place.checkAll("output", plan.outputs(), shapes::checkOutput);
    }

    private static void requireSizes(DimBinding binding) {
        binding.sizes()
                .forEach((name, size) -> Refusal.require(
                        size >= 0 && size <= Sizes.MAX_SIZE,
                        PlanCheck.SHAPE,
                        () -> "%s has size %d".formatted(name, size)));
    }
}
