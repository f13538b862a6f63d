package dev.tessera.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.eval.Bounded;
import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Graph;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoweringTest {
    private static final List<DimBinding> SIZES = List.of(sizes(1, 1), sizes(5, 3), sizes(34, 2), sizes(2, 300));

    private static DimBinding sizes(long n, long m) {
        return new DimBinding(Map.of("n", n, "m", m, "k", n, "k4", 4L));
    }

    @Test
    void everyExpressionBecomesAPlanThatIsSafeToRun() {
        List<String> failures = new ArrayList<>();
        ExpressionTable.graphs().forEach((what, graph) -> {
            try {
                CompiledGraph compiled = PlanCompiler.compile(graph);
                PlanVerifier.verify(compiled.plan());
                SIZES.forEach(sizes -> PlanVerifier.verifyBound(compiled.plan(), sizes));
            } catch (RuntimeException e) {
                failures.add(what + ": " + e);
            }
        });
        assertThat(failures).isEmpty();
    }

    @Test
    void everyRewrittenExpressionHasTheSameValue() {
        List<String> failures = new ArrayList<>();
        ExpressionTable.graphs().forEach((what, graph) -> {
            for (DimBinding sizes : SIZES) {
                mismatch(graph, sizes).ifPresent(why -> failures.add(what + " with " + sizes + ": " + why));
            }
        });
        assertThat(failures).isEmpty();
    }

    private static Optional<String> mismatch(Graph graph, DimBinding sizes) {
        Graph rewritten = PlanCompiler.compile(graph).rewritten();
        Map<String, HostTensor> inputs = RandomInputs.of(graph, sizes, 7);
        List<Bounded> expected = ReferenceEvaluator.wide().evaluateBounded(graph, inputs);
        List<HostTensor> actual = ReferenceEvaluator.faithful().evaluate(rewritten, inputs);
        for (int i = 0; i < expected.size(); i++) {
            Optional<String> mismatch = expected.get(i).mismatch(actual.get(i));
            if (mismatch.isPresent()) {
                return mismatch;
            }
        }
        return Optional.empty();
    }
}
