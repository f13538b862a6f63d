package dev.tessera.runtime;

/** A batch that was submitted. Used by one thread; closed by who submitted it, which frees the result. */
public interface PendingBatch extends AutoCloseable {
    /** Waits for the result; again and again the same one. */
    BatchResult await();

    /** Frees the result and all that the batch held, awaited or not; its inputs are not read afterwards. Idempotent. */
    @Override
    void close();
}
