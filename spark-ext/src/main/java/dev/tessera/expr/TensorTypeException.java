package dev.tessera.expr;

/** An expression whose dtypes or shapes do not fit: the message names the expression, the shapes and the remedy. */
public final class TensorTypeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public TensorTypeException(String message) {
        super(message);
    }
}
