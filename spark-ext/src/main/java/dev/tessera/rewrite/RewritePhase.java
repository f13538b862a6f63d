package dev.tessera.rewrite;

import dev.tessera.expr.Graph;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Rules that are applied together until none applies. */
public record RewritePhase(String name, List<Rewrite> rules) {
    public RewritePhase {
        rules = List.copyOf(rules);
    }

    RewritePhase without(Set<String> names) {
        return new RewritePhase(
                name,
                rules.stream().filter(rule -> !names.contains(rule.name())).toList());
    }

    /**
     * The graph after the rules: those about whole graphs in the order listed, then the local ones, over and over.
     *
     * @param unsettled is told if the rules still applied when they were stopped; the graph as it is then equals the
     *     first one too
     */
    public Graph apply(Graph graph, Consumer<UnsettledRules> unsettled) {
        return new PhaseRun(this, graph, unsettled).rewritten();
    }
}
