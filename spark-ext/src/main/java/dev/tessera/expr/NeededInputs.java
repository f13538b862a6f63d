package dev.tessera.expr;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The variables and parameters that outputs are computed from, in the order in which they are first needed. */
final class NeededInputs {
    private final List<Graph.Output> outputs;
    private final List<Variable> variables = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private NeededInputs(List<Graph.Output> outputs) {
        this.outputs = outputs;
    }

    static NeededInputs of(List<Graph.Output> outputs) {
        checkOutputNames(outputs);
        NeededInputs inputs = new NeededInputs(outputs);
        for (Apply apply : new Graph(List.of(), List.of(), outputs).toposort()) {
            apply.inputs().forEach(inputs::add);
        }
        outputs.forEach(output -> inputs.add(output.value()));
        return inputs;
    }

    private static void checkOutputNames(List<Graph.Output> outputs) {
        Set<String> names = new HashSet<>();
        for (Graph.Output output : outputs) {
            if (!names.add(output.name())) {
                throw new TensorTypeException(
                        "Cannot build a graph: two outputs are named '%s'; rename one".formatted(output.name()));
            }
        }
        if (outputs.isEmpty()) {
            throw new TensorTypeException("Cannot build a graph: it has no outputs");
        }
    }

    private void add(Tensor tensor) {
        if (tensor.owner() != null || !seen.add(tensor)) {
            return;
        }
        if (tensor instanceof Variable variable) {
            variables.add(variable);
        } else if (tensor instanceof Parameter parameter) {
            parameters.add(parameter);
        }
    }

    Graph graph() {
        return checked(variables, parameters);
    }

    Graph graph(List<? extends Tensor> listed) {
        Set<Tensor> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        needed.addAll(variables);
        needed.addAll(parameters);
        List<Variable> orderedVariables = new ArrayList<>();
        List<Parameter> orderedParameters = new ArrayList<>();
        for (Tensor input : listed) {
            if (!needed.remove(input)) {
                throw new TensorTypeException(
                        "Cannot build a graph: no output needs the input %s, or it is listed twice; ".formatted(input)
                                + "leave it out");
            }
            if (input instanceof Variable variable) {
                orderedVariables.add(variable);
            } else if (input instanceof Parameter parameter) {
                orderedParameters.add(parameter);
            }
        }
        if (!needed.isEmpty()) {
            throw new TensorTypeException("Cannot build a graph: the outputs need %s, which is not among the inputs %s"
                    .formatted(needed.iterator().next(), listed));
        }
        return checked(orderedVariables, orderedParameters);
    }

    private Graph checked(List<Variable> orderedVariables, List<Parameter> orderedParameters) {
        Set<String> names = new HashSet<>();
        orderedVariables.forEach(variable -> checkName(names, variable.name()));
        orderedParameters.forEach(parameter -> checkName(names, parameter.name()));
        return new Graph(orderedVariables, orderedParameters, outputs);
    }

    private static void checkName(Set<String> names, String name) {
        if (!names.add(name)) {
            throw new TensorTypeException(
                    "Cannot build a graph: two inputs are named '%s'; use one variable for both, or rename one"
                            .formatted(name));
        }
    }
}
