package dev.tessera.catalyst.encoding;

/**
 * A value of a column that is not what its tensor type says. Without a stack trace: with bad rows tolerated, there may be
 * one for each row.
 */
public final class BadValueException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String found;
    private final String expected;

    public BadValueException(String found, String expected) {
        super("found %s, expected %s".formatted(found, expected), null, false, false);
        this.found = found;
        this.expected = expected;
    }

    public String found() {
        return found;
    }

    public String expected() {
        return expected;
    }
}
