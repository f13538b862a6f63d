package dev.tessera.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.text.ExpressionParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StabilizedFormsTest {
    private static final Variable X = Tensors.variable("x", DType.FLOAT32, Dim.of(2), Dim.of(3));

    private static final float[][] SAMPLES = {
        {200, 0, -200, 200, 1, 2}, {-200, -200, -200, -200, -200, -200}, {1e-9f, 1e-9f, 1e-9f, 1e-9f, 1e-9f, 1e-9f},
        {3e38f, 1, 2, 3, 4, 5}, {-89, 20, 0, 90, 1, 2}, {1e-30f, 1, 2, 3, 4, 5}
    };

    static List<StabilizedForms.Form> forms() {
        return StabilizedForms.all();
    }

    private static Graph graph(String text) {
        return Graph.of("y", ExpressionParser.parse(text, Map.of("x", X)).get(0));
    }

    private static List<Op> ops(Graph graph) {
        return graph.toposort().stream().map(Apply::op).toList();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void formIsComputedAsTheTableSays(StabilizedForms.Form form) {
        assertThat(ops(GraphRewriter.rewrite(graph(form.written()))))
                .isEqualTo(ops(GraphRewriter.rewrite(graph(form.computedAs()))));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void ruleOfTheTableIsTheOneThatDoesIt(StabilizedForms.Form form) {
        assertThat(ops(GraphRewriter.rewrite(graph(form.written()), Set.of(form.rule()))))
                .isNotEqualTo(ops(GraphRewriter.rewrite(graph(form.computedAs()))));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void stepsAsWrittenGiveSomethingElseSomewhere(StabilizedForms.Form form) {
        Graph written = graph(form.written());
        Graph computed = graph(form.computedAs());

        assertThat(List.of(SAMPLES)).anyMatch(sample -> {
            Map<String, HostTensor> inputs = Map.of("x", HostTensor.of(sample, 2, 3));
            return isOff(values(written, inputs), values(computed, inputs));
        });
    }

    /** Whether some value is off by more than rounding from one that is finite. */
    private static boolean isOff(double[] written, double[] computed) {
        boolean isOff = false;
        for (int i = 0; i < written.length; i++) {
            double error = Math.abs(written[i] - computed[i]);
            isOff |= Double.isFinite(computed[i]) && !(error <= 1e-5 * Math.abs(computed[i]));
        }
        return isOff;
    }

    private static double[] values(Graph graph, Map<String, HostTensor> inputs) {
        return ReferenceEvaluator.faithful().evaluate(graph, inputs).get(0).toDoubleArray();
    }

    @Test
    void everyStabilizingRuleIsListed() {
        assertThat(StabilizedForms.all().stream().map(StabilizedForms.Form::rule))
                .containsAll(GraphRewriter.stabilizingRules());
    }
}
