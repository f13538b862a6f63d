package dev.tessera.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.rewrite.GraphRewriter;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The oracle accepts graphs, as they are and rewritten, evaluated with the rounding of their dtypes; the table is whole. */
class OracleConformanceTest {
    @TestFactory
    Stream<DynamicTest> roundedEvaluationIsWithinTheBounds() {
        return new ConformanceSuite(new FaithfulSubject(graph -> graph)).tests();
    }

    @TestFactory
    Stream<DynamicTest> roundedEvaluationOfTheRewrittenGraphIsWithinTheBounds() {
        return new ConformanceSuite(new FaithfulSubject(GraphRewriter::rewrite)).tests();
    }

    @Test
    void everyOpFunctionAndReductionHasARow() {
        Set<Class<?>> ops = new HashSet<>();
        Set<ScalarOp> functions = EnumSet.noneOf(ScalarOp.class);
        Set<ReduceOp> reductions = EnumSet.noneOf(ReduceOp.class);
        for (Supplier<List<ConformanceCase>> row : ConformanceSuite.rows().values()) {
            for (ConformanceCase testCase : row.get()) {
                for (Apply apply : applications(testCase.graph())) {
                    ops.add(apply.op().getClass());
                    if (apply.op() instanceof Op.Elementwise elementwise) {
                        functions.add(elementwise.scalar());
                    } else if (apply.op() instanceof Op.Reduce reduce) {
                        reductions.add(reduce.combine());
                    }
                }
            }
        }

        assertThat(ops)
                .containsExactlyInAnyOrder(
                        Arrays.stream(Op.class.getPermittedSubclasses()).toArray(Class<?>[]::new));
        assertThat(functions).containsExactlyInAnyOrder(ScalarOp.values());
        assertThat(reductions).containsExactlyInAnyOrder(ReduceOp.values());
    }

    /** Those of the graph as it was written and as it is compiled: some ops come from rewriting only. */
    private static List<Apply> applications(Graph graph) {
        return Stream.of(graph, GraphRewriter.rewrite(graph))
                .flatMap(each -> each.toposort().stream())
                .toList();
    }
}
