package dev.tessera.expr;

import dev.tessera.tensor.TensorType;

/** An output of an {@link Apply}. */
public final class Result extends Tensor {
    private final Apply owner;
    private final int index;

    Result(Apply owner, int index, TensorType type) {
        super(type);
        this.owner = owner;
        this.index = index;
    }

    @Override
    public Apply owner() {
        return owner;
    }

    /** Which output of its owner this is. */
    public int index() {
        return index;
    }
}
