package dev.tessera.cuda.memory;

import org.jspecify.annotations.Nullable;

/** Gives several things back although some cannot be; the first failure is thrown at the end, and tells of the others. */
public final class Releases {
    private @Nullable RuntimeException first;

    /** Gives one thing back; a failure is kept. */
    public void attempt(Runnable release) {
        try {
            release.run();
        } catch (RuntimeException e) {
            if (first == null) {
                first = e;
            } else if (first != e) {
                first.addSuppressed(e);
            }
        }
    }

    /** Throws the first failure, if there was any. */
    public void finish() {
        if (first != null) {
            throw first;
        }
    }
}
