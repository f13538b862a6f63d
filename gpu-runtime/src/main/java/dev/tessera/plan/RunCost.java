package dev.tessera.plan;

import dev.tessera.tensor.DimBinding;
import java.util.List;

/** What a run of a bound plan takes: bytes and scalar operations. */
final class RunCost {
    private final ExecutionPlan plan;
    private final DimBinding binding;
    private final StepWork work;

    RunCost(ExecutionPlan plan, DimBinding binding) {
        this.plan = plan;
        this.binding = binding;
        this.work = new StepWork(binding);
    }

    void requireWithin(RunLimits limits) {
        requireAtMost(bytes(true), limits.bytesPerRow(), "bytes per row");
        requireAtMost(bytes(false), limits.invariantBytes(), "bytes that are the same for all rows");
        requireAtMost(work(plan.rowSteps()), limits.workPerRow(), "operations per row");
        requireAtMost(work(plan.invariantSteps()), limits.invariantWork(), "operations before the first row");
    }

    private long bytes(boolean ofRows) {
        long sum = 0;
        for (BufferSlot slot : plan.slots()) {
            if ((slot.scope() == Scope.ROW) == ofRows) {
                sum = Math.addExact(sum, slot.sizeInBytes().evaluate(binding));
            }
        }
        return sum;
    }

    private long work(List<Step> steps) {
        long sum = 0;
        for (Step step : steps) {
            sum = Math.addExact(sum, Math.max(1, step.accept(work)));
        }
        return sum;
    }

    private static void requireAtMost(long needed, long limit, String what) {
        Refusal.require(
                needed <= limit, PlanCheck.BUDGET, () -> "it takes %d %s, at most %d".formatted(needed, what, limit));
    }
}
