package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import java.util.HashMap;
import java.util.Map;

/** How often each value of a graph is read; an output of the graph is one read. Used by one thread. */
public final class Readers {
    private final Map<Tensor, Integer> counts = new HashMap<>();

    private Readers() {}

    public static Readers of(Graph graph) {
        Readers readers = new Readers();
        for (Apply apply : graph.toposort()) {
            apply.inputs().forEach(input -> readers.add(input, 1));
        }
        graph.outputs().forEach(output -> readers.add(output.value(), 1));
        return readers;
    }

    private void add(Tensor value, int reads) {
        counts.merge(value, reads, Integer::sum);
    }

    /** Counts what reads {@code old} as reading {@code replacement} too. */
    void inherit(Tensor replacement, Tensor old) {
        if (replacement != old) {
            add(replacement, count(old));
        }
    }

    /** How often {@code value} is read; 0 if the graph does not have it. */
    public int count(Tensor value) {
        return counts.getOrDefault(value, 0);
    }

    /** Whether one application or output reads {@code value}, once. */
    public boolean isReadOnce(Tensor value) {
        return count(value) == 1;
    }
}
