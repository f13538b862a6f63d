package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.Shape;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GraphRewriterTest {
    private final Tensor x = floats("x", N);

    @Test
    void ruleThatIsLeftOutDoesNotApply() {
        Graph graph = Graph.of("y", Tensors.relu(Tensors.exp(x)));
        assertThat(GraphRewriter.rewrite(graph).toposort()).hasSize(1);
        assertThat(GraphRewriter.rewrite(graph, Set.of("FuseElementwise")).toposort())
                .hasSize(2)
                .allMatch(apply -> apply.op() instanceof Op.Fused);
    }

    @Test
    void everyGraphIsLoweredWithoutAnyOptionalRule() {
        Tensor value = Tensors.log(Tensors.softmax(Tensors.add(x, Tensors.weak(1)), 0));
        Graph rewritten = GraphRewriter.rewrite(Graph.of("y", value), GraphRewriter.optionalRules());
        assertThat(rewritten.toposort())
                .allMatch(apply -> apply.op() instanceof Op.Fused || apply.op() instanceof Op.DimShuffle);
    }

    @Test
    void unknownAndRequiredRulesCannotBeLeftOut() {
        Graph graph = Graph.of("y", x);
        assertThatThrownBy(() -> GraphRewriter.rewrite(graph, Set.of("FuseEverything")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FuseEverything")
                .hasMessageContaining("FuseElementwise");
        assertThatThrownBy(() -> GraphRewriter.rewrite(graph, Set.of("OpsToRowPrograms")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verifierNamesAnInputThatTheGraphLacks() {
        Graph graph = new Graph(List.of(), List.of(), List.of(new Graph.Output("y", Tensors.exp(x))));
        assertThatThrownBy(() -> GraphVerifier.verify(graph, "a test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after a test")
                .hasMessageContaining("x is no input of the graph");
    }

    @Test
    void verifierNamesASizeThatNoInputBrings() {
        Graph graph = Graph.of("y", Tensors.broadcastTo(floats("s"), Shape.of(N)));
        assertThatThrownBy(() -> GraphVerifier.verify(graph, "a test"))
                .hasMessageContaining("no input brings the size n");
    }

    @Test
    void sharedGraphOfAnyDepthIsRewrittenInTime() {
        Tensor value = x;
        for (int i = 0; i < 60; i++) {
            value = Tensors.add(Tensors.sin(value), Tensors.mul(value, value));
        }
        assertThat(GraphRewriter.rewrite(Graph.of("y", value)).toposort()).hasSizeLessThan(10);
    }
}
