package dev.tessera.runtime;

/**
 * A device could not do what was asked of it. The batch is as it was, and can run again: in parts, or on another device.
 * The message says what failed and why.
 */
public final class DeviceFailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What may still be asked of the device. */
    public enum Kind {
        /** The same with less memory, or later. */
        OUT_OF_MEMORY,
        /** Any other plan: it cannot run this one. */
        UNSUPPORTED,
        /** Nothing, by this process. */
        LOST
    }

    private final Kind kind;

    public DeviceFailureException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public DeviceFailureException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
