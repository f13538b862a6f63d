package dev.tessera.expr;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * A symbolic tensor: what one row's value will be. Immutable, with identity equality, because a graph is a DAG in which
 * deep equality would be exponential.
 */
public abstract sealed class Tensor implements ElementwiseMethods, ReductionMethods, ShapeMethods
        permits Variable, Parameter, Constant, Result {
    private final TensorType type;

    Tensor(TensorType type) {
        this.type = type;
    }

    public final TensorType type() {
        return type;
    }

    public final DType dtype() {
        return type.dtype();
    }

    public final Shape shape() {
        return type.shape();
    }

    public final int rank() {
        return type.rank();
    }

    /** The application that computes this, or null for a variable, a parameter or a constant. */
    public @Nullable Apply owner() {
        return null;
    }

    @Override
    public String toString() {
        return ExpressionText.of(this);
    }
}
