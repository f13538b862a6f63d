package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanCost;
import dev.tessera.tensor.DimBinding;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Decides between the GPU and the CPU for the batches of a task: for all those of one size class, between one power of two
 * and the next, alike, and in favour of where the task is already. Used by one thread.
 */
final class BatchPlacement {
    /** How much less than where a task is the other device must take for the task to go there. */
    private static final double WORTH_MOVING = 0.8;

    private static final int MOST_CLASSES = 256;
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final ExecutionPlan plan;
    private final CostModel.Rates rates;
    private final Map<SizeClass, Estimate> estimates = new LinkedHashMap<>();
    private boolean isOnCpu;
    private boolean isAnywhere;

    private record SizeClass(DimBinding dims, int rows) {}

    /** What batches of a size class take, in nanoseconds. */
    private record Estimate(PlanCost cost, double onGpu, double onCpu) {}

    /**
     * Where a batch is to run.
     *
     * @param predictedNanos how long it will take there
     * @param reason why there and not on the GPU; empty on the GPU
     */
    record Decision(boolean isOnCpu, double predictedNanos, String reason) {}

    BatchPlacement(ExecutionPlan plan, CostModel.Rates rates) {
        this.plan = plan;
        this.rates = rates;
    }

    Decision decide(DimBinding dims, int rows) {
        SizeClass key = new SizeClass(dims, Integer.highestOneBit(rows));
        Estimate estimate = estimates.computeIfAbsent(key, this::estimate);
        if (estimates.size() > MOST_CLASSES) {
            estimates.keySet().remove(estimates.keySet().iterator().next());
        }
        double gpu = isAnywhere && isOnCpu ? estimate.onGpu() / WORTH_MOVING : estimate.onGpu();
        double cpu = isAnywhere && !isOnCpu ? estimate.onCpu() / WORTH_MOVING : estimate.onCpu();
        isOnCpu = cpu < gpu;
        isAnywhere = true;
        double predicted = (isOnCpu ? rates.cpu() : rates.gpu()).nanos(estimate.cost(), rows);
        return new Decision(isOnCpu, predicted, isOnCpu ? reason(key, estimate) : "");
    }

    private Estimate estimate(SizeClass key) {
        PlanCost cost = PlanCost.of(plan, key.dims());
        return new Estimate(
                cost, rates.gpu().nanos(cost, key.rows()), rates.cpu().nanos(cost, key.rows()));
    }

    private static String reason(SizeClass key, Estimate estimate) {
        return String.format(
                Locale.ROOT,
                "%d rows were predicted to take %s on the GPU, %s on the CPU",
                key.rows(),
                milliseconds(estimate.onGpu()),
                milliseconds(estimate.onCpu()));
    }

    private static String milliseconds(double nanos) {
        double milliseconds = nanos / NANOS_PER_MILLISECOND;
        return String.format(Locale.ROOT, milliseconds < 0.1 ? "%.4f ms" : "%.1f ms", milliseconds);
    }
}
