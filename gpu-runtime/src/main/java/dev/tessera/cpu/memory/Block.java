package dev.tessera.cpu.memory;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** A block of {@link NativeMemory}. Closed by who allocated it; its bytes must not be touched after that. */
public final class Block implements AutoCloseable {
    private final NativeMemory memory;
    private final ByteBuffer bytes;
    private @Nullable Pointer pointer;

    Block(NativeMemory memory, @Nullable Pointer pointer, ByteBuffer bytes) {
        this.memory = memory;
        this.pointer = pointer;
        this.bytes = bytes;
    }

    /** All of the block, in native byte order; absolute access only. */
    public ByteBuffer bytes() {
        return bytes;
    }

    public long sizeInBytes() {
        return bytes.capacity();
    }

    /** The bytes outside the heap that this holds now. */
    public long nativeBytes() {
        return pointer == null ? 0 : sizeInBytes();
    }

    /** Frees the block. Idempotent. */
    @Override
    public void close() {
        if (pointer != null) {
            memory.free(pointer, sizeInBytes());
            pointer = null;
        }
    }
}
