package dev.tessera.eval;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates a graph for one row, op by op, as plainly as can be.
 *
 * <p>In faithful mode every op is rounded to its dtype and integers wrap: for folding constants. In wide mode floats are
 * kept as doubles, and every element comes with the bound on what a right backend may give instead: the oracle of every
 * conformance test. Stateless and thread-safe.
 */
public final class ReferenceEvaluator {
    private final Rounding rounding;

    private ReferenceEvaluator(Rounding rounding) {
        this.rounding = rounding;
    }

    /** Rounds every op to its dtype. */
    public static ReferenceEvaluator faithful() {
        return new ReferenceEvaluator(Rounding.FAITHFUL);
    }

    /** Keeps doubles and bounds the error of dtype arithmetic. */
    public static ReferenceEvaluator wide() {
        return new ReferenceEvaluator(Rounding.WIDE);
    }

    /**
     * The outputs of a graph for the values of its variables and parameters by name.
     *
     * @throws IllegalArgumentException if a value is missing, does not fit its type, or breaks an equality of dims
     * @throws IndexOutOfBoundsException if a take is out of range: a backend marks such a row bad
     */
    public List<HostTensor> evaluate(Graph graph, Map<String, HostTensor> inputs) {
        return outputs(graph, inputs).stream().map(Value::toHostTensor).toList();
    }

    /** As {@link #evaluate}, with the bounds; only in wide mode do they mean anything. */
    public List<Bounded> evaluateBounded(Graph graph, Map<String, HostTensor> inputs) {
        return outputs(graph, inputs).stream().map(Bounded::new).toList();
    }

    /** The outputs of one application to constants, for folding. */
    public List<HostTensor> evaluate(Apply apply) {
        List<Value> inputs = new ArrayList<>();
        for (Tensor input : apply.inputs()) {
            if (!(input instanceof Constant constant)) {
                throw new IllegalArgumentException("Cannot fold %s: it reads %s".formatted(apply, input));
            }
            inputs.add(Value.of(constant.value()));
        }
        List<Value> outputs = apply.op().accept(new OpEvaluation(rounding, apply, inputs, DimBinding.EMPTY));
        return outputs.stream().map(Value::toHostTensor).toList();
    }

    private List<Value> outputs(Graph graph, Map<String, HostTensor> inputs) {
        DimBinding dims = bind(graph, inputs);
        Map<Tensor, Value> values = new HashMap<>();
        graph.variables().forEach(v -> values.put(v, Value.of(input(v.name(), inputs))));
        graph.parameters().forEach(p -> values.put(p, Value.of(input(p.name(), inputs))));
        for (Apply apply : graph.toposort()) {
            apply.equalities().forEach(equality -> {
                if (equality.left().evaluate(dims) != equality.right().evaluate(dims)) {
                    throw new IllegalArgumentException("Cannot evaluate %s: %s and %s differ"
                            .formatted(equality.reason(), equality.left(), equality.right()));
                }
            });
            List<Value> arguments =
                    apply.inputs().stream().map(input -> value(input, values)).toList();
            List<Value> results = apply.op().accept(new OpEvaluation(rounding, apply, arguments, dims));
            for (int i = 0; i < results.size(); i++) {
                values.put(apply.outputs().get(i), results.get(i));
            }
        }
        return graph.outputs().stream()
                .map(output -> value(output.value(), values))
                .toList();
    }

    private static Value value(Tensor tensor, Map<Tensor, Value> values) {
        if (tensor instanceof Constant constant) {
            return values.computeIfAbsent(tensor, key -> Value.of(constant.value()));
        }
        Value value = values.get(tensor);
        if (value == null) {
            throw new IllegalArgumentException("Cannot evaluate: %s is no input of the graph".formatted(tensor));
        }
        return value;
    }

    private static DimBinding bind(Graph graph, Map<String, HostTensor> inputs) {
        Map<String, Long> sizes = new HashMap<>();
        for (Variable variable : graph.variables()) {
            bind(variable.name(), variable, inputs, sizes);
        }
        for (Parameter parameter : graph.parameters()) {
            bind(parameter.name(), parameter, inputs, sizes);
        }
        DimBinding dims = new DimBinding(sizes);
        graph.variables().forEach(v -> requireSizes(v.name(), v, inputs, dims));
        graph.parameters().forEach(p -> requireSizes(p.name(), p, inputs, dims));
        return dims;
    }

    private static HostTensor input(String name, Map<String, HostTensor> inputs) {
        HostTensor value = inputs.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Cannot bind %s: it has no value".formatted(name));
        }
        return value;
    }

    private static void bind(String name, Tensor declared, Map<String, HostTensor> inputs, Map<String, Long> sizes) {
        HostTensor value = input(name, inputs);
        Shape shape = declared.shape();
        boolean fits = value.dtype() == declared.dtype() && value.rank() == shape.rank();
        for (int axis = 0; fits && axis < shape.rank(); axis++) {
            Dim dim = shape.dim(axis);
            if (dim.names().contains(dim.toString())) {
                Long other = sizes.put(dim.toString(), value.size(axis));
                fits = other == null || other == value.size(axis);
            }
        }
        require(fits, name, declared, value);
    }

    private static void requireSizes(String name, Tensor declared, Map<String, HostTensor> inputs, DimBinding dims) {
        HostTensor value = input(name, inputs);
        require(Arrays.equals(declared.shape().sizes(dims), value.sizes()), name, declared, value);
    }

    private static void require(boolean fits, String name, Tensor declared, HostTensor value) {
        if (!fits) {
            throw new IllegalArgumentException(
                    "Cannot bind %s: declared %s, got %s".formatted(name, declared.type(), value));
        }
    }
}
