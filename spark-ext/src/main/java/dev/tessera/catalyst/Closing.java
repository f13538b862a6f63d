package dev.tessera.catalyst;

import org.jspecify.annotations.Nullable;

/** Runs all of several steps that free things, whichever of them fail, and then fails as the first did. Used by one thread. */
final class Closing {
    private @Nullable Throwable failure;

    void add(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            if (failure == null) {
                failure = e;
            } else {
                failure.addSuppressed(e);
            }
        }
    }

    /** Throws what the first step that failed threw, the others suppressed in it. */
    void finish() {
        Throwable first = failure;
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
