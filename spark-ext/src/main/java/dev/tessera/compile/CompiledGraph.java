package dev.tessera.compile;

import dev.tessera.expr.Graph;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.tensor.HostTensor;
import java.util.Map;

/** A graph, the graph after rewriting, the plan made from it, and the values of the plan's constants by digest. */
public record CompiledGraph(Graph source, Graph rewritten, ExecutionPlan plan, Map<String, HostTensor> constants) {
    public CompiledGraph {
        constants = Map.copyOf(constants);
    }
}
