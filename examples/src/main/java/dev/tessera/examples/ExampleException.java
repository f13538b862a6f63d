package dev.tessera.examples;

/** What a person who runs an example can mend: its message is all that is shown. */
public final class ExampleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The exit status of a command that was not understood. */
    static final int USAGE = 2;

    /** The exit status of one that could not be carried out. */
    static final int FAILURE = 1;

    private final int exitStatus;

    private ExampleException(String message, int exitStatus, Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    private ExampleException(String message, int exitStatus) {
        super(message);
        this.exitStatus = exitStatus;
    }

    static ExampleException usage(String message) {
        return new ExampleException(message, USAGE);
    }

    static ExampleException failure(String message) {
        return new ExampleException(message, FAILURE);
    }

    static ExampleException failure(String message, Throwable cause) {
        return new ExampleException(message, FAILURE, cause);
    }

    int exitStatus() {
        return exitStatus;
    }
}
