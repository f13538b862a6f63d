package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The rules of a phase on one graph until none applies. A rule about whole graphs is not run again on one that it has
 * left as it was, and local rules are tried again only on applications that have changed. Used once, by one thread.
 */
final class PhaseRun {
    private static final int MAX_ROUNDS = 12;

    /** How often local rules may apply for each application; more means that they undo each other. */
    private static final long MAX_REWRITES_EACH = 20;

    private final RewritePhase phase;
    private final Consumer<UnsettledRules> unsettled;
    private final List<GraphRewrite> wholes = new ArrayList<>();
    private final List<LocalRewrite> locals = new ArrayList<>();
    private final IdentityHashMap<GraphRewrite, Graph> unchanged = new IdentityHashMap<>();
    private final Set<Apply> settled = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<String> applied = new TreeSet<>();
    private Graph current;
    private long rewritesLeft;

    PhaseRun(RewritePhase phase, Graph graph, Consumer<UnsettledRules> unsettled) {
        this.phase = phase;
        this.unsettled = unsettled;
        this.current = graph;
        this.rewritesLeft = MAX_REWRITES_EACH * (graph.toposort().size() + 20L);
        for (Rewrite rule : phase.rules()) {
            if (rule instanceof LocalRewrite local) {
                locals.add(local);
            } else if (rule instanceof GraphRewrite whole) {
                wholes.add(whole);
            }
        }
    }

    Graph rewritten() {
        for (int round = 0; round < MAX_ROUNDS && rewritesLeft > 0; round++) {
            Graph before = current;
            applied.clear();
            wholes.forEach(this::apply);
            if (!locals.isEmpty() && !settled.containsAll(current.toposort())) {
                applyLocals();
            }
            if (current.equals(before)) {
                return current;
            }
        }
        unsettled.accept(new UnsettledRules(phase.name(), List.copyOf(applied), current));
        return current;
    }

    private void apply(GraphRewrite rule) {
        if (current.equals(unchanged.get(rule))) {
            return;
        }
        Graph next = rule.rewrite(current);
        if (next.equals(current)) {
            unchanged.put(rule, current);
        } else {
            applied.add(rule.name());
            current = next;
        }
    }

    private void applyLocals() {
        LocalRewriting pass = new LocalRewriting(locals, current, settled, rewritesLeft);
        current = pass.rewritten();
        rewritesLeft = pass.rewritesLeft();
        applied.addAll(pass.applied());
    }
}
