package dev.tessera.runtime;

/** A backend cannot run on this machine; the message says why and what to do. */
public final class BackendUnavailableException extends RuntimeException {
    public BackendUnavailableException(String message) {
        super(message);
    }
}
