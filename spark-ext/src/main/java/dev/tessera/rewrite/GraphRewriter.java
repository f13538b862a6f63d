package dev.tessera.rewrite;

import dev.tessera.expr.Graph;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Rewrites graphs, phase by phase. Stateless. */
public final class GraphRewriter {
    private static final List<RewritePhase> PHASES = List.of(
            new RewritePhase("products", List.of(new MatMulAddToGemm(), new GemmActivation())),
            new RewritePhase(
                    "last axis",
                    List.of(new ReduceToLastAxis(), new SoftmaxToReductions(), new LogSumExpToReductions())),
            new RewritePhase("fusion", List.of(new FuseElementwise())),
            new RewritePhase("row programs", List.of(new OpsToRowPrograms())));

    /** What must be done for a plan to be made. */
    private static final Set<String> REQUIRED =
            Set.of("ReduceToLastAxis", "SoftmaxToReductions", "LogSumExpToReductions", "OpsToRowPrograms");

    private GraphRewriter() {}

    /** The graph after all phases. */
    public static Graph rewrite(Graph graph) {
        return rewrite(graph, Set.of());
    }

    /**
     * The graph after all phases without some rules.
     *
     * @throws IllegalArgumentException if no rule that can be left out has one of the names
     */
    public static Graph rewrite(Graph graph, Set<String> withoutRules) {
        Set<String> optional = optionalRules();
        for (String name : withoutRules) {
            if (!optional.contains(name)) {
                throw new IllegalArgumentException(
                        "Cannot leave out rule '%s': the rules are %s".formatted(name, optional));
            }
        }
        Graph current = graph;
        for (RewritePhase phase : PHASES) {
            current = phase.without(withoutRules).apply(current);
            GraphVerifier.verify(current, phase.name());
        }
        return current;
    }

    /** The names of the rules that {@link #rewrite(Graph, Set)} can leave out. */
    public static Set<String> optionalRules() {
        Set<String> names = new TreeSet<>();
        for (RewritePhase phase : PHASES) {
            phase.rules().forEach(rule -> names.add(rule.name()));
        }
        names.removeAll(REQUIRED);
        return names;
    }
}
