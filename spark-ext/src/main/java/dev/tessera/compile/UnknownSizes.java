package dev.tessera.compile;

import dev.tessera.expr.Apply;
import dev.tessera.expr.ExpressionText;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.Dim;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The unknown sizes that a graph's inputs bring: those that are a whole axis of one. A plan is bound to them when a row is
 * seen, and every other size is computed of them.
 */
final class UnknownSizes {
    private final Set<String> names = new HashSet<>();
    private final Set<String> namesOfParameters = new HashSet<>();

    private UnknownSizes(Graph graph) {
        for (Parameter parameter : graph.parameters()) {
            addNames(parameter, namesOfParameters);
        }
        names.addAll(namesOfParameters);
        for (Variable variable : graph.variables()) {
            addNames(variable, names);
        }
    }

    private static void addNames(Tensor input, Set<String> names) {
        for (Dim dim : input.shape().dims()) {
            if (!dim.isKnown() && dim.names().contains(dim.toString())) {
                names.add(dim.toString());
            }
        }
    }

    /**
     * Checks that all sizes of a graph can be known.
     *
     * @throws TensorTypeException if one is made of an unknown size that no input brings
     */
    static void requireBroughtByInputs(Graph graph) {
        UnknownSizes sizes = new UnknownSizes(graph);
        for (Parameter parameter : graph.parameters()) {
            sizes.requireBrought(parameter.shape().dims(), sizes.namesOfParameters, parameter, "no parameter has");
        }
        for (Variable variable : graph.variables()) {
            sizes.requireBrought(variable.shape().dims(), sizes.names, variable, "no input has");
        }
        for (Apply apply : graph.toposort()) {
            Tensor output = apply.outputs().get(0);
            for (Tensor each : apply.outputs()) {
                sizes.requireBrought(each.shape().dims(), sizes.names, output, "no input has");
            }
            if (apply.op() instanceof Op.Slice slice) {
                for (Op.Slice.Range range : slice.ranges()) {
                    sizes.requireBrought(List.of(range.start()), sizes.names, output, "no input has");
                }
            }
        }
    }

    private void requireBrought(List<Dim> dims, Set<String> brought, Tensor value, String noneHas) {
        for (Dim dim : dims) {
            if (!dim.isKnown() && !brought.containsAll(dim.names())) {
                String missing = dim.names().stream()
                        .filter(name -> !brought.contains(name))
                        .findFirst()
                        .orElseThrow();
                throw new TensorTypeException(
                        "Cannot compile a graph: the size %s is not known, as %s an axis of just that size; declare one, or a number in its place (in %s of %s)"
                                .formatted(missing, noneHas, ExpressionText.of(value), value.type()));
            }
        }
    }
}
