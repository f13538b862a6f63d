package dev.tessera.rewrite;

import dev.tessera.expr.Graph;
import java.util.List;

/** Rewrites graphs, phase by phase. */
public final class GraphRewriter {
    private static final List<RewritePhase> PHASES = List.of(
            new RewritePhase("products", List.of(new MatMulAddToGemm(), new GemmActivation())),
            new RewritePhase("row programs", List.of(new SoftmaxToRowProgram(), new OpsToRowPrograms())));

    private GraphRewriter() {}

    /** The graph after all phases. */
    public static Graph rewrite(Graph graph) {
        Graph current = graph;
        for (RewritePhase phase : PHASES) {
            current = phase.apply(current);
        }
        return current;
    }
}
