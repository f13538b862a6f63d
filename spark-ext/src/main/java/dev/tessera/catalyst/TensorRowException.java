package dev.tessera.catalyst;

/** A row that a function cannot evaluate; the message names the row, the column, the expression and both shapes. */
public final class TensorRowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TensorRowException(String message) {
        super(message);
    }
}
