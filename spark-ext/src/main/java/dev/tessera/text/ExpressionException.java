package dev.tessera.text;

/** A text is no expression: the message shows the text with a mark under the character where reading stopped. */
public final class ExpressionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int position;

    ExpressionException(String message, int position) {
        super(message);
        this.position = position;
    }

    /** The index of the character in the text. */
    public int position() {
        return position;
    }
}
