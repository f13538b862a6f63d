package dev.tessera.expr;

import dev.tessera.tensor.HostTensor;

/**
 * A value fixed in the graph. A weak constant is a number written in an expression: a scalar that takes the dtype of what
 * it meets, as a Python number does in NumPy 2 (an int64, float64 or bool until then). Never modified after construction.
 */
public final class Constant extends Tensor {
    private final HostTensor value;
    private final boolean isWeak;

    Constant(HostTensor value, boolean isWeak) {
        super(value.type());
        this.value = value;
        this.isWeak = isWeak;
    }

    public HostTensor value() {
        return value;
    }

    public boolean isWeak() {
        return isWeak;
    }

    @Override
    public String toString() {
        return rank() == 0 ? (dtype().isFloating() ? "" + value.doubleAt(0) : "" + value.longAt(0)) : type().toString();
    }
}
