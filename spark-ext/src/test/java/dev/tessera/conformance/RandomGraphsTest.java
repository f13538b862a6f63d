package dev.tessera.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.compile.PlanCompiler;
import dev.tessera.eval.Bounded;
import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Graph;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanSerializer;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.rewrite.GraphRewriter;
import dev.tessera.text.GraphSerializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Properties of random graphs. {@code -Dtessera.graphs.seed=…} starts at another seed, {@code -Dtessera.graphs.count=…}
 * takes more of them; a failure is shrunk and says how to repeat it.
 */
class RandomGraphsTest {
    private static final long SEED = Long.getLong("tessera.graphs.seed", 0);
    private static final int COUNT = Integer.getInteger("tessera.graphs.count", 1000);
    private static final int SHOWN = Integer.getInteger("tessera.graphs.shown", 3);

    @Test
    void rewrittenGraphIsWithinTheBounds() {
        Subject rewritten = new FaithfulSubject(GraphRewriter::rewrite);
        check(testCase -> Conformance.mismatchOfFinite(testCase, rewritten));
    }

    @Test
    void graphReadsBackTheSame() {
        Subject read = new FaithfulSubject(graph -> GraphSerializer.read(GraphSerializer.write(graph)));
        check(testCase -> {
            byte[] bytes = GraphSerializer.write(testCase.graph());
            boolean isSame = Arrays.equals(bytes, GraphSerializer.write(GraphSerializer.read(bytes)));
            return isSame ? Conformance.mismatch(testCase, read) : Optional.of(testCase + ": other bytes");
        });
    }

    @Test
    void planReadsBackEqualAndVerifies() {
        check(testCase -> {
            Graph graph = testCase.graph();
            try {
                ExecutionPlan plan = PlanCompiler.compile(graph).plan();
                PlanVerifier.verify(plan);
                assertThat(PlanSerializer.read(PlanSerializer.write(plan))).isEqualTo(plan);
                return Optional.empty();
            } catch (RuntimeException | AssertionError e) {
                return Optional.of(testCase + ": " + e);
            }
        });
    }

    /** A bound that is infinite tests nothing: it must stay the exception. */
    @Test
    void mostOfWhatIsComparedIsBounded() {
        long elements = 0;
        long bounded = 0;
        for (long seed = SEED; seed < SEED + 300; seed++) {
            for (Bounded output : firstRow(RandomGraphs.of(seed))) {
                elements += output.elementCount();
                for (int i = 0; i < output.elementCount(); i++) {
                    bounded += Double.isInfinite(output.bound(i)) ? 0 : 1;
                }
            }
        }

        assertThat(100 * bounded / elements).isGreaterThan(80);
    }

    private static List<Bounded> firstRow(ConformanceCase testCase) {
        try {
            return ReferenceEvaluator.wide().evaluateBounded(testCase.graph(), testCase.inputs(0));
        } catch (IndexOutOfBoundsException e) {
            return List.of(); // A bad row has no values.
        }
    }

    /** Holds for every graph, or fails with the smallest that it does not hold for. */
    static void check(Function<ConformanceCase, Optional<String>> property) {
        List<String> failures = new ArrayList<>();
        for (long seed = SEED; seed < SEED + COUNT && failures.size() < SHOWN; seed++) {
            ConformanceCase testCase = RandomGraphs.of(seed);
            if (property.apply(testCase).isPresent()) {
                ConformanceCase smallest =
                        new GraphShrinker(c -> property.apply(c).isPresent()).shrink(testCase);
                failures.add("%n-Dtessera.graphs.seed=%d -Dtessera.graphs.count=1: %s%n    %s"
                        .formatted(seed, property.apply(smallest).orElseThrow(), GraphShrinker.values(smallest)));
            }
        }
        assertThat(failures).isEmpty();
    }
}
