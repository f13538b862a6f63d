package dev.tessera.rewrite;

import static org.assertj.core.api.Assertions.fail;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;

/** Runs single rules on expressions, whose text in the language shows their structure. */
final class Rules {
    static final Dim N = Dim.named("n");

    private Rules() {}

    static Variable floats(String name, Dim... dims) {
        return Tensors.variable(name, DType.FLOAT32, dims);
    }

    static Variable ints(String name, Dim... dims) {
        return Tensors.variable(name, DType.INT32, dims);
    }

    /** What an expression becomes under one rule, verified. */
    static Tensor apply(Rewrite rule, Tensor value) {
        return apply(List.of(rule), value);
    }

    static Tensor apply(List<Rewrite> rules, Tensor value) {
        return apply(rules, Graph.of("y", value)).outputs().get(0).value();
    }

    static Graph apply(List<Rewrite> rules, Graph graph) {
        Graph rewritten = new RewritePhase("test", rules).apply(graph, unsettled -> fail(unsettled.message()));
        GraphVerifier.verify(rewritten, "test");
        return rewritten;
    }

    /** The outputs of a graph after one rule, as text. */
    static List<String> texts(Rewrite rule, Tensor... outputs) {
        Graph.Output[] named = new Graph.Output[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            named[i] = new Graph.Output("y" + i, outputs[i]);
        }
        return apply(List.of(rule), Graph.of(named)).outputs().stream()
                .map(output -> output.value().toString())
                .toList();
    }

    static String text(Rewrite rule, Tensor value) {
        return apply(rule, value).toString();
    }

    /** How many applications an expression has whose op is of a kind. */
    static long count(Class<? extends Op> kind, Tensor value) {
        return Graph.of("y", value).toposort().stream()
                .map(Apply::op)
                .filter(kind::isInstance)
                .count();
    }
}
