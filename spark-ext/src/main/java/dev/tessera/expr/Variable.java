package dev.tessera.expr;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;

/** An input that has a value per row: a column. */
public final class Variable extends Tensor {
    private final String name;

    Variable(String name, TensorType type) {
        super(type);
        this.name = name;
    }

    /** The type of an input, refused if no value can have it. */
    static TensorType checked(String name, TensorType type) {
        if (name.isEmpty()) {
            throw new TensorTypeException("Cannot name an input '': give it a name");
        }
        if (!type.dtype().isComputable()) {
            throw new TensorTypeException("Cannot declare %s as %s: columns of %s are decoded on entry, declare %s"
                    .formatted(name, type, type.dtype(), type.dtype().decoded()));
        }
        if (type.rank() > Shape.MAX_RANK) {
            throw new TensorTypeException("Cannot declare %s as %s: it has rank %d, at most %d"
                    .formatted(name, type, type.rank(), Shape.MAX_RANK));
        }
        for (Dim dim : type.shape().dims()) {
            if (dim.isKnown() && dim.size() < 0) {
                throw new TensorTypeException("Cannot declare %s as %s: a size is negative".formatted(name, type));
            }
        }
        return type;
    }

    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
