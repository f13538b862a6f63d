package dev.tessera.expr;

import dev.tessera.tensor.TensorType;

/** An input that has a value per row: a column. */
public final class Variable extends Tensor {
    private final String name;

    Variable(String name, TensorType type) {
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
