package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import java.util.HashMap;
import java.util.Map;

/** How often each value of a graph is read; an output of the graph is one read. Immutable. */
public final class Readers {
    private final Map<Tensor, Integer> counts = new HashMap<>();

    private Readers() {}

    public static Readers of(Graph graph) {
        Readers readers = new Readers();
        for (Apply apply : graph.toposort()) {
            apply.inputs().forEach(readers::count);
        }
        graph.outputs().forEach(output -> readers.count(output.value()));
        return readers;
    }

    private void count(Tensor value) {
        counts.merge(value, 1, Integer::sum);
    }

    /** Whether one application or output reads {@code value}, once. */
    public boolean isReadOnce(Tensor value) {
        return counts.getOrDefault(value, 0) == 1;
    }
}
