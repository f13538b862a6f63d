package dev.tessera.cpu;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Operand;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The invariant steps of a plan, parted: {@code shared} ones compute from constants alone, so that their results serve
 * every task; {@code own} ones follow in each task. {@code sharedReads} are the slots that the shared steps read, and
 * {@code ownReads} those that all others and the outputs do.
 */
record SharedSteps(List<Step> shared, List<Step> own, Set<Integer> sharedReads, Set<Integer> ownReads) {
    SharedSteps {
        shared = List.copyOf(shared);
        own = List.copyOf(own);
        sharedReads = Set.copyOf(sharedReads);
        ownReads = Set.copyOf(ownReads);
    }

    /** The slots that the shared steps leave for others, in ascending order. */
    List<Integer> kept() {
        return written(shared).stream().filter(ownReads::contains).sorted().toList();
    }

    /** The slots that {@code steps} write. */
    static Set<Integer> written(List<Step> steps) {
        Set<Integer> written = new HashSet<>();
        steps.forEach(step -> written.addAll(slots(step.writes())));
        return written;
    }

    /** Parts the steps of a verified plan. */
    static SharedSteps of(ExecutionPlan plan) {
        List<Step> shared = new ArrayList<>();
        List<Step> own = new ArrayList<>();
        Set<Integer> readByOwn = new HashSet<>();
        for (Step step : plan.invariantSteps()) {
            boolean isShared = slots(step.writes()).stream()
                    .allMatch(slot -> plan.slots().get(slot).scope() == Scope.CONSTANT);
            if (!isShared) {
                own.add(step);
                readByOwn.addAll(slots(step.reads()));
            } else if (slots(step.writes()).stream().anyMatch(readByOwn::contains)) {
                // The slot serves two values in turn, and an own step needs the first: the plan's order has to stand.
                return parted(plan, List.of(), plan.invariantSteps());
            } else {
                shared.add(step);
            }
        }
        return parted(plan, shared, own);
    }

    private static SharedSteps parted(ExecutionPlan plan, List<Step> shared, List<Step> own) {
        Set<Integer> sharedReads = new HashSet<>();
        shared.forEach(step -> sharedReads.addAll(slots(step.reads())));
        Set<Integer> ownReads = new HashSet<>();
        own.forEach(step -> ownReads.addAll(slots(step.reads())));
        plan.rowSteps().forEach(step -> ownReads.addAll(slots(step.reads())));
        plan.outputs().forEach(output -> ownReads.add(output.value().slot()));
        return new SharedSteps(shared, own, sharedReads, ownReads);
    }

    private static List<Integer> slots(List<Operand> operands) {
        return operands.stream().map(Operand::slot).toList();
    }
}
