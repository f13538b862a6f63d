package dev.tessera.eval;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Evaluates one expression of inputs {@code x0, x1, …}. */
final class Evaluations {
    private Evaluations() {}

    static HostTensor faithful(Function<List<Variable>, Tensor> expression, HostTensor... inputs) {
        List<Variable> variables = variables(inputs);
        Graph graph = new Graph(variables, List.of(), List.of(new Graph.Output("y", expression.apply(variables))));
        return ReferenceEvaluator.faithful().evaluate(graph, values(inputs)).get(0);
    }

    static HostTensor faithful(Op op, HostTensor... inputs) {
        return faithful(x -> Apply.of(op, List.copyOf(x)).outputs().get(0), inputs);
    }

    static HostTensor faithful(ScalarOp op, HostTensor... inputs) {
        return faithful(new Op.Elementwise(op), inputs);
    }

    static Bounded wide(Function<List<Variable>, Tensor> expression, HostTensor... inputs) {
        List<Variable> variables = variables(inputs);
        Graph graph = new Graph(variables, List.of(), List.of(new Graph.Output("y", expression.apply(variables))));
        return ReferenceEvaluator.wide().evaluateBounded(graph, values(inputs)).get(0);
    }

    static Bounded wide(Op op, HostTensor... inputs) {
        return wide(x -> Apply.of(op, List.copyOf(x)).outputs().get(0), inputs);
    }

    static Bounded wide(ScalarOp op, HostTensor... inputs) {
        return wide(new Op.Elementwise(op), inputs);
    }

    private static List<Variable> variables(HostTensor... inputs) {
        List<Variable> variables = new ArrayList<>();
        for (HostTensor input : inputs) {
            variables.add(Tensors.variable("x" + variables.size(), input.type()));
        }
        return variables;
    }

    private static Map<String, HostTensor> values(HostTensor... inputs) {
        Map<String, HostTensor> values = new HashMap<>();
        for (HostTensor input : inputs) {
            values.put("x" + values.size(), input);
        }
        return values;
    }

    static HostTensor f32(float... values) {
        return HostTensor.of(values);
    }

    static HostTensor f64(double... values) {
        return HostTensor.of(values);
    }

    static HostTensor i32(int... values) {
        return HostTensor.of(values);
    }

    static HostTensor i64(long... values) {
        return HostTensor.of(values);
    }

    static HostTensor bool(boolean... values) {
        return HostTensor.of(values);
    }

    static HostTensor scalar(DType dtype, double value) {
        HostTensor scalar = HostTensor.zeros(dtype);
        scalar.setDouble(0, value);
        return scalar;
    }
}
