package dev.tessera.expr;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;

/** Inputs of graphs as they are, without the checks of the language's words. */
public final class GraphInputs {
    private GraphInputs() {}

    public static Variable variable(String name, DType dtype, long... sizes) {
        return new Variable(name, TensorType.of(dtype, sizes));
    }

    public static Variable variable(String name, DType dtype, Dim... dims) {
        return new Variable(name, new TensorType(dtype, Shape.of(dims)));
    }

    public static Parameter parameter(String name, DType dtype, long... sizes) {
        return new Parameter(name, TensorType.of(dtype, sizes));
    }

    public static Constant constant(HostTensor value) {
        return new Constant(value, false);
    }
}
