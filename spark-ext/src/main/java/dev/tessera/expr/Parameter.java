package dev.tessera.expr;

import dev.tessera.tensor.TensorType;

/** A row-invariant input, bound when the function is called: weights in training, a threshold. */
public final class Parameter extends Tensor {
    private final String name;

    Parameter(String name, TensorType type) {
        super(type);
        this.name = name;
    }

    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
