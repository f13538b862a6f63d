package dev.tessera.runtime;

import java.nio.ByteBuffer;

/** Host memory that a backend reads a batch from, native byte order. Created by a task, closed by who asked for it. */
public interface HostBuffer extends AutoCloseable {
    /** The whole of the memory. Must not be touched after {@link #close}. */
    ByteBuffer bytes();

    /** Gives the memory back. Idempotent. */
    @Override
    void close();
}
