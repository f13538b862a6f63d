package dev.tessera.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.eval.Bounded;
import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanBindingException;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoweringTest {
    private static final List<DimBinding> SIZES = List.of(sizes(1, 1), sizes(5, 3), sizes(34, 2), sizes(2, 300));

    private static final List<DimBinding> RUN_SIZES = List.of(sizes(1, 34), sizes(34, 2));

    /** On both sides of the block that the CPU works in. */
    private static final List<DimBinding> BLOCK_SIZES =
            List.of(sizes(255, 1), sizes(257, 1), sizes(1, 257), sizes(3, 256));

    private static final int ROWS = 3;

    private static final RuntimeOptions CPU = new RuntimeOptions(1, Map.of("spark.tessera.device", "cpu"));

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
            Graph rewritten = PlanCompiler.compile(graph).rewritten();
            for (DimBinding sizes : List.of(sizes(1, 1), sizes(3, 5))) {
                mismatch(graph, rewritten, sizes).ifPresent(why -> failures.add(what + " with " + sizes + ": " + why));
            }
        });
        assertThat(failures).isEmpty();
    }

    @Test
    void everyPlanGivesTheSameValuesOnTheCpu() {
        List<String> failures = new ArrayList<>();
        try (ExecutorRuntime runtime = ExecutorRuntime.start(CPU)) {
            ExpressionTable.graphs().forEach((what, graph) -> {
                CompiledGraph compiled = PlanCompiler.compile(graph);
                for (DimBinding sizes : RUN_SIZES) {
                    mismatch(runtime, compiled, sizes)
                            .ifPresent(why -> failures.add(what + " with " + sizes + ": " + why));
                }
            });
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void plansCrossTheBordersOfBlocks() {
        List<String> failures = new ArrayList<>();
        try (ExecutorRuntime runtime = ExecutorRuntime.start(CPU)) {
            ExpressionTable.ofBlocks().forEach((what, graph) -> {
                CompiledGraph compiled = PlanCompiler.compile(graph);
                for (DimBinding sizes : BLOCK_SIZES) {
                    mismatch(runtime, compiled, sizes)
                            .ifPresent(why -> failures.add(what + " with " + sizes + ": " + why));
                }
            });
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void softmaxAndItsSumHaveAValueOverAnUnknownAxisOfSizeZero() {
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"), Dim.named("m"));
        List<Tensor> values =
                List.of(Tensors.softmax(x, 1), Tensors.logSoftmax(x, 1), Tensors.logsumexp(x, 1), Tensors.logsumexp(x));
        try (ExecutorRuntime runtime = ExecutorRuntime.start(CPU)) {
            for (Tensor value : values) {
                CompiledGraph compiled = PlanCompiler.compile(Graph.of("y", value));
                assertThat(mismatch(runtime, compiled, sizes(3, 0)))
                        .as("%s", value)
                        .isEmpty();
            }
        }
    }

    @Test
    void maximumOverAnUnknownAxisOfSizeZeroIsRefused() {
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));
        for (Tensor value : List.of(Tensors.max(x), Tensors.sub(x, Tensors.max(x)))) {
            ExecutionPlan plan = PlanCompiler.compile(Graph.of("y", value)).plan();
            assertThatExceptionOfType(PlanBindingException.class)
                    .isThrownBy(() -> PlanVerifier.verifyBound(plan, sizes(0, 1)))
                    .withMessageContaining("no value of max over an axis of size n = 0");
        }
    }

    private static Optional<String> mismatch(ExecutorRuntime runtime, CompiledGraph compiled, DimBinding sizes) {
        List<Map<String, HostTensor>> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            Map<String, HostTensor> values = RandomInputs.of(compiled.source(), sizes, row);
            Map<String, HostTensor> first = row == 0 ? values : rows.get(0);
            compiled.plan().parameters().forEach(p -> values.put(p.name(), first.get(p.name())));
            rows.add(values);
        }
        List<List<HostTensor>> actual;
        try {
            actual = PlanRun.run(runtime, compiled, sizes, rows);
        } catch (RuntimeException e) {
            return Optional.of(e.toString());
        }
        for (int row = 0; row < rows.size(); row++) {
            List<Bounded> expected = ReferenceEvaluator.wide().evaluateBounded(compiled.source(), rows.get(row));
            for (int i = 0; i < expected.size(); i++) {
                Optional<String> mismatch =
                        expected.get(i).mismatch(actual.get(i).get(row));
                if (mismatch.isPresent()) {
                    return mismatch;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> mismatch(Graph graph, Graph rewritten, DimBinding sizes) {
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
