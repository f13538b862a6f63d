package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.tensor.DimBinding;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The plans that were verified, and the bindings of each, so that none is verified again and again. Thread-safe. */
final class VerifiedPlans {
    private static final int MAX_PLANS = 128;
    private static final int MAX_BINDINGS = 1024;

    private final Map<ExecutionPlan, Entry> entries = new LinkedHashMap<>();

    /** A verified plan, and the bindings that it was verified with. Thread-safe. */
    static final class Entry {
        private final ExecutionPlan plan;
        private final Set<DimBinding> bindings = new LinkedHashSet<>();

        private Entry(ExecutionPlan plan) {
            this.plan = plan;
        }

        /** Fails unless the plan can run with {@code dims}. */
        synchronized void requireRunnable(DimBinding dims) {
            if (!bindings.contains(dims)) {
                PlanVerifier.verifyBound(plan, dims);
                removeEldest(bindings, MAX_BINDINGS);
                bindings.add(dims);
            }
        }
    }

    synchronized Entry entry(ExecutionPlan plan) {
        Entry entry = entries.get(plan);
        if (entry == null) {
            PlanVerifier.verify(plan);
            removeEldest(entries.keySet(), MAX_PLANS);
            entry = new Entry(plan);
            entries.put(plan, entry);
        }
        return entry;
    }

    private static <T> void removeEldest(Set<T> set, int most) {
        if (set.size() >= most) {
            set.remove(set.iterator().next());
        }
    }
}
