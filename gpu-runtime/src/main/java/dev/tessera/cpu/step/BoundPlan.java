package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.StridedView;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a plan with its unknown dims bound: slots, some of them the backend's own, steps with the kind that
 * receipts count each under, and the outputs as views that are contiguous for one row. One task's.
 */
public final class BoundPlan {
    /** A step to run, and its kind. */
    public record KindedStep(String kind, CpuStep step) {}

    private final List<BoundSlot> slots;
    private final List<KindedStep> preparation;
    private final List<KindedStep> steps;
    private final List<StridedView> outputs;

    private BoundPlan(StepBinder binder, List<StridedView> outputs) {
        this.slots = List.copyOf(binder.slots());
        this.preparation = List.copyOf(binder.preparation());
        this.steps = List.copyOf(binder.steps());
        this.outputs = List.copyOf(outputs);
    }

    /** Binds some of the steps of a verified plan that depend on no row. */
    public static BoundPlan ofInvariants(ExecutionPlan plan, List<Step> steps, DimBinding binding, Kernels kernels) {
        StepBinder binder = new StepBinder(plan, binding, kernels, true);
        steps.forEach(binder::bind);
        return new BoundPlan(binder, List.of());
    }

    /** Binds the steps of a verified plan that run for every batch, and its outputs. */
    public static BoundPlan ofRows(ExecutionPlan plan, DimBinding binding, Kernels kernels) {
        StepBinder binder = new StepBinder(plan, binding, kernels, false);
        plan.rowSteps().forEach(binder::bind);
        List<StridedView> outputs = new ArrayList<>();
        for (ExecutionPlan.PlanOutput output : plan.outputs()) {
            StridedView view = StridedView.of(output.value(), binding);
            boolean isAccumulated = binder.slot(view.slot()).scope() == Scope.ACCUMULATOR;
            outputs.add(view.isContiguous() || isAccumulated ? view : binder.contiguousCopy(view));
        }
        return new BoundPlan(binder, outputs);
    }

    /** The plan's slots, and then those added. */
    public List<BoundSlot> slots() {
        return slots;
    }

    /** Copies of row-invariant views, to be made once before all steps. */
    public List<KindedStep> preparation() {
        return preparation;
    }

    /** The steps in order. */
    public List<KindedStep> steps() {
        return steps;
    }

    /** The outputs in the plan's order; none if these are the invariant steps. */
    public List<StridedView> outputs() {
        return outputs;
    }
}
