package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of neural networks that are more than one scalar function. */
final class NeuralWords {
    private NeuralWords() {}

    static Tensor softmax(Tensor x, int axis, boolean log) {
        int positive = Axes.resolve(log ? "log_softmax" : "softmax", x, axis);
        return Apply.of(new Op.Softmax(positive, log), Promotion.floating(x)).output();
    }

    /** {@code (x - mean) / sqrt(var + eps) * gain + bias}, the mean and variance along one axis. */
    static Tensor layerNorm(Tensor x, int axis, @Nullable Tensor gain, @Nullable Tensor bias, double eps) {
        Axes axes = Axes.of(Axes.resolve("layer_norm", x, axis));
        Tensor values = Promotion.floating(x);
        Tensor distance = map(ScalarOp.SUBTRACT, values, Reduction.MEAN.of(values, axes, true));
        Tensor variance = Reduction.MEAN.of(map(ScalarOp.SQUARE, distance), axes, true);
        Tensor deviation = map(ScalarOp.SQRT, map(ScalarOp.ADD, variance, PythonNumbers.weak(eps)));
        Tensor normal = map(ScalarOp.DIVIDE, distance, deviation);
        Tensor scaled = gain == null ? normal : map(ScalarOp.MULTIPLY, normal, gain);
        return bias == null ? scaled : map(ScalarOp.ADD, scaled, bias);
    }

    private static Tensor map(ScalarOp op, Tensor... arguments) {
        return ElementwiseWords.apply(op, List.of(arguments));
    }
}
