package dev.tessera.report;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.TopElements;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;

/** Graphs to explain and to draw. */
final class SampleGraphs {
    private SampleGraphs() {}

    static Variable x() {
        return Tensors.variable("x", DType.FLOAT32, Dim.of(4));
    }

    /** {@code y = relu(x @ w + b)}. */
    static Graph dense() {
        Tensor weights = Tensors.constant(HostTensor.zeros(DType.FLOAT32, 4, 3));
        Tensor bias = Tensors.constant(HostTensor.zeros(DType.FLOAT32, 3));
        return Graph.of("y", Tensors.relu(x().matmul(weights).add(bias)));
    }

    /** Each op reads the one before it twice: as a tree it would have 2^depth leaves. */
    static Graph doublings(int depth) {
        Tensor value = x();
        for (int i = 0; i < depth; i++) {
            value = value.add(value);
        }
        return Graph.of("y", value);
    }

    /** A parameter, a weak constant, an unknown dim, and an op of two outputs. */
    static Graph topTwo() {
        Variable scores = Tensors.variable("scores", DType.FLOAT32, Dim.named("n"));
        Parameter temperature = Tensors.parameter("temperature", DType.FLOAT32);
        TopElements top = scores.div(temperature).mul(0.5).topk(2);
        return Graph.of(new Graph.Output("values", top.values()), new Graph.Output("positions", top.indices()));
    }
}
