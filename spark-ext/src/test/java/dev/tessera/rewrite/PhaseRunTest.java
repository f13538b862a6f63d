package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhaseRunTest {
    private final Tensor x = floats("x", N);

    /** {@code from(x)} -> {@code to(x)}. */
    private static final class Swap implements LocalRewrite {
        private final ScalarOp from;
        private final ScalarOp to;
        private int attempts;

        Swap(ScalarOp from, ScalarOp to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public String name() {
            return from + "To" + to;
        }

        @Override
        public Tensor rewrite(Apply apply, Surroundings surroundings) {
            attempts++;
            return Patterns.isScalar(apply, from)
                    ? Patterns.map(to, apply.inputs().get(0))
                    : null;
        }
    }

    /** The first output under one more {@code abs}, each time. */
    private static final class Grow implements GraphRewrite {
        @Override
        public Graph rewrite(Graph graph) {
            return Graph.of("y", Tensors.abs(graph.outputs().get(0).value()));
        }
    }

    private static List<UnsettledRules> unsettled(List<Rewrite> rules, Tensor value) {
        List<UnsettledRules> told = new ArrayList<>();
        new RewritePhase("test", rules).apply(Graph.of("y", value), told::add);
        return told;
    }

    @Test
    void rulesThatUndoEachOtherAreNamedWithTheirGraph() {
        List<Rewrite> rules = List.of(new Swap(ScalarOp.SIN, ScalarOp.COS), new Swap(ScalarOp.COS, ScalarOp.SIN));

        List<UnsettledRules> told = unsettled(rules, Tensors.exp(Tensors.sin(x)));

        assertThat(told).hasSize(1);
        assertThat(told.get(0).rules()).containsExactly("cosTosin", "sinTocos");
        assertThat(told.get(0).message())
                .contains("sinTocos", "phase 'test'", "do not settle")
                .containsPattern("exp\\((sin|cos)\\(x\\)\\)");
    }

    @Test
    void ruleAboutGraphsThatNeverEndsIsNamed() {
        assertThat(unsettled(List.of(new Grow()), x))
                .singleElement()
                .satisfies(rules -> assertThat(rules.rules()).containsExactly("Grow"));
    }

    @Test
    void graphIsShownOnlyInPart() {
        Tensor value = x;
        for (int i = 0; i < 2000; i++) {
            value = Tensors.sin(value);
        }

        assertThat(new UnsettledRules("test", List.of("Grow"), Graph.of("y", value)).message())
                .hasSizeLessThan(2200);
    }

    @Test
    void rulesThatSettleAreNotToldOf() {
        assertThat(unsettled(List.of(new Swap(ScalarOp.SIN, ScalarOp.COS)), Tensors.sin(Tensors.sin(x))))
                .isEmpty();
    }

    @Test
    void localRuleIsTriedOnceOnWhatItLeaves() {
        Swap swap = new Swap(ScalarOp.SIN, ScalarOp.COS);
        Tensor value = x;
        for (int i = 0; i < 100; i++) {
            value = Tensors.exp(value);
        }

        assertThat(unsettled(List.of(swap), Tensors.sin(value))).isEmpty();
        // Of the 101 applications, the one that is replaced is tried twice.
        assertThat(swap.attempts).isEqualTo(102);
    }

    @Test
    void ruleIsTriedAgainWhereAReaderHasGone() {
        Tensor root = Tensors.sqrt(x);
        Tensor both = Tensors.where(Tensors.constant(true), Tensors.reciprocal(root), root);
        List<Rewrite> rules = List.of(new ReciprocalOfSqrtToRsqrt(), new WhereOfSame());

        assertThat(Rules.apply(rules, both).toString()).isEqualTo("rsqrt(x)");
    }

    @Test
    void noPhaseOfTheRewriterIsUnsettledByAPairOfStabilisedForms() {
        Tensor value = Tensors.log(Tensors.add(Tensors.weak(1), Tensors.exp(Tensors.neg(x))));
        Graph graph = Graph.of("y", Tensors.div(Tensors.weak(1), value));
        List<UnsettledRules> told = new ArrayList<>();

        Graph rewritten = GraphRewriter.rewrite(graph, Set.of(), told::add);

        assertThat(told).isEmpty();
        assertThat(rewritten.toposort()).allMatch(apply -> apply.op() instanceof Op.Fused);
    }
}
