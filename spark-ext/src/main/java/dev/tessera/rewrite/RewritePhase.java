package dev.tessera.rewrite;

import dev.tessera.expr.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rules that are applied together until none applies. */
public record RewritePhase(String name, List<Rewrite> rules) {
    /** A graph that still changes after this many rounds is left as it is then: it equals the first one at any time. */
    private static final int MAX_ROUNDS = 12;

    /** How often local rules may apply for each application; more means that they undo each other. */
    private static final long MAX_REWRITES_EACH = 20;

    public RewritePhase {
        rules = List.copyOf(rules);
    }

    RewritePhase without(Set<String> names) {
        return new RewritePhase(
                name,
                rules.stream().filter(rule -> !names.contains(rule.name())).toList());
    }

    /** The graph after the rules: those about whole graphs in the order listed, then the local ones, over and over. */
    public Graph apply(Graph graph) {
        List<LocalRewrite> locals = new ArrayList<>();
        for (Rewrite rule : rules) {
            if (rule instanceof LocalRewrite local) {
                locals.add(local);
            }
        }
        Graph current = graph;
        long rewritesLeft = MAX_REWRITES_EACH * (graph.toposort().size() + 20L);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Graph before = current;
            for (Rewrite rule : rules) {
                if (rule instanceof GraphRewrite whole) {
                    current = whole.rewrite(current);
                }
            }
            if (!locals.isEmpty()) {
                LocalRewriting pass = new LocalRewriting(locals, current, rewritesLeft);
                current = pass.rewritten();
                rewritesLeft = pass.rewritesLeft();
            }
            if (current.equals(before)) {
                return current;
            }
        }
        return current;
    }
}
