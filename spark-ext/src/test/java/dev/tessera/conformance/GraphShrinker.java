package dev.tessera.conformance;

import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Makes a case that fails smaller, as long as it still fails: leaves out outputs and rows, replaces a value by an argument
 * of its op, and what an op computes by a variable with the same values.
 */
final class GraphShrinker {
    private final Predicate<ConformanceCase> fails;

    GraphShrinker(Predicate<ConformanceCase> fails) {
        this.fails = fails;
    }

    ConformanceCase shrink(ConformanceCase failing) {
        ConformanceCase smallest = failing;
        for (boolean hasShrunk = true; hasShrunk; ) {
            hasShrunk = false;
            for (ConformanceCase smaller : smaller(smallest)) {
                if (stillFails(smaller)) {
                    smallest = smaller;
                    hasShrunk = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private boolean stillFails(ConformanceCase smaller) {
        try {
            return fails.test(smaller);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return false; // It cannot even be evaluated.
        }
    }

    private static List<ConformanceCase> smaller(ConformanceCase of) {
        List<ConformanceCase> smaller = new ArrayList<>();
        Graph graph = of.graph();
        if (graph.outputs().size() > 1) {
            graph.outputs().forEach(output -> smaller.add(with(of, List.of(output), of.rows())));
        }
        if (of.rows().size() > 1) {
            of.rows().forEach(row -> smaller.add(with(of, graph.outputs(), List.of(row))));
        }
        List<Apply> applications = graph.toposort();
        for (int i = applications.size() - 1; i >= 0; i--) {
            for (Tensor output : applications.get(i).outputs()) {
                applications.get(i).inputs().forEach(input -> addReplaced(smaller, of, output, input));
            }
        }
        for (Apply apply : applications) {
            if (apply.outputs().size() == 1) {
                addAsVariable(smaller, of, apply.output());
            }
        }
        return smaller;
    }

    private static ConformanceCase with(
            ConformanceCase of, List<Graph.Output> outputs, List<Map<String, HostTensor>> rows) {
        Graph graph = Graph.of(outputs.toArray(Graph.Output[]::new));
        return new ConformanceCase(of.name(), graph, of.parameters(), rows);
    }

    private static void addReplaced(List<ConformanceCase> smaller, ConformanceCase of, Tensor value, Tensor by) {
        try {
            List<Graph.Output> outputs = replaced(of.graph(), value, by);
            if (outputs.stream().anyMatch(output -> output.value().owner() != null)) {
                smaller.add(with(of, outputs, of.rows()));
            }
        } catch (TensorTypeException | IllegalStateException e) {
            // The readers of the value do not take the other.
        }
    }

    private static void addAsVariable(List<ConformanceCase> smaller, ConformanceCase of, Tensor value) {
        List<Map<String, HostTensor>> rows = new ArrayList<>();
        Graph upToValue = Graph.of("value", value);
        String name = "v" + of.graph().variables().size() + of.rows().get(0).size();
        try {
            for (int row = 0; row < of.rows().size(); row++) {
                Map<String, HostTensor> values = new LinkedHashMap<>(of.rows().get(row));
                values.put(
                        name,
                        ReferenceEvaluator.faithful()
                                .evaluate(upToValue, of.inputs(row))
                                .get(0));
                rows.add(values);
            }
            TensorType type =
                    new TensorType(value.dtype(), rows.get(0).get(name).type().shape());
            List<Graph.Output> outputs = replaced(of.graph(), value, Tensors.variable(name, type));
            if (outputs.stream().anyMatch(output -> output.value().owner() != null)) {
                smaller.add(with(of, outputs, rows));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // The readers of the value do not take it with its sizes known, or it has no value.
        }
    }

    private static List<Graph.Output> replaced(Graph graph, Tensor value, Tensor by) {
        Map<Tensor, Tensor> replacements = new IdentityHashMap<>();
        replacements.put(value, by);
        for (Apply apply : graph.toposort()) {
            List<Tensor> inputs = apply.inputs().stream()
                    .map(input -> replacements.getOrDefault(input, input))
                    .toList();
            if (!inputs.equals(apply.inputs())) {
                Apply changed = Apply.of(apply.op(), inputs);
                for (int i = 0; i < apply.outputs().size(); i++) {
                    replacements.putIfAbsent(
                            apply.outputs().get(i), changed.outputs().get(i));
                }
            }
        }
        return graph.outputs().stream()
                .map(output ->
                        new Graph.Output(output.name(), replacements.getOrDefault(output.value(), output.value())))
                .toList();
    }

    /** The values that a case is made of, for a reader to try by hand. */
    static String values(ConformanceCase of) {
        Map<String, String> texts = new HashMap<>();
        of.inputs(0).forEach((name, value) -> {
            double[] elements = value.toDoubleArray();
            StringBuilder text = new StringBuilder(value.toString()).append(" {");
            for (int i = 0; i < Math.min(12, elements.length); i++) {
                text.append(i == 0 ? "" : ", ").append(elements[i]);
            }
            texts.put(name, text.append(elements.length > 12 ? ", …}" : "}").toString());
        });
        texts.keySet().retainAll(names(of));
        return texts.toString();
    }

    private static List<String> names(ConformanceCase of) {
        List<String> names = new ArrayList<>();
        of.graph().variables().forEach(variable -> names.add(variable.name()));
        of.graph().parameters().forEach(parameter -> names.add(parameter.name()));
        return names;
    }
}
