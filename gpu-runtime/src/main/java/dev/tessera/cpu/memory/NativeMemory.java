package dev.tessera.cpu.memory;

import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.LongAdder;
import org.bytedeco.javacpp.Pointer;

/**
 * Memory outside the heap that is freed when its owner says so, not when the collector finds it; on the heap where
 * JavaCPP does not run. Counts what is allocated. Thread-safe; owns nothing itself.
 */
public final class NativeMemory {
    private final boolean isNative;
    private final LongAdder outstandingBytes = new LongAdder();

    private NativeMemory(boolean isNative) {
        this.isNative = isNative;
    }

    /** Memory outside the heap. JavaCPP must have been loaded. */
    public static NativeMemory offHeap() {
        return new NativeMemory(true);
    }

    public static NativeMemory onHeap() {
        return new NativeMemory(false);
    }

    /** Whether blocks are outside the heap, and so have an address for native code. */
    public boolean isNative() {
        return isNative;
    }

    /** The native bytes that are allocated now, by all tasks together. */
    public long outstandingBytes() {
        return outstandingBytes.sum();
    }

    /**
     * Allocates a block of undefined contents, in native byte order.
     *
     * @throws IllegalArgumentException if it is larger than a tensor may be
     * @throws OutOfMemoryError if there is no such memory
     */
    public Block allocate(long sizeInBytes) {
        if (sizeInBytes < 0 || sizeInBytes > HostTensor.MAX_SIZE_IN_BYTES) {
            throw new IllegalArgumentException("Cannot allocate %d bytes: a tensor has at most %d; take smaller batches"
                    .formatted(sizeInBytes, HostTensor.MAX_SIZE_IN_BYTES));
        }
        if (!isNative) {
            return new Block(this, null, ByteBuffer.allocate((int) sizeInBytes).order(ByteOrder.nativeOrder()));
        }
        long atLeastOne = Math.max(1, sizeInBytes);
        Pointer pointer = Pointer.malloc(atLeastOne);
        if (pointer == null || pointer.isNull()) {
            throw new OutOfMemoryError("Cannot allocate %d native bytes: %d are in use by tensors"
                    .formatted(sizeInBytes, outstandingBytes.sum()));
        }
        outstandingBytes.add(sizeInBytes);
        pointer.capacity(atLeastOne).limit(sizeInBytes);
        // A limit of 0 is none to JavaCPP, whose buffer would have the one byte.
        ByteBuffer bytes = pointer.asByteBuffer().slice(0, (int) sizeInBytes);
        return new Block(this, pointer, bytes.order(ByteOrder.nativeOrder()));
    }

    void free(Pointer pointer, long sizeInBytes) {
        Pointer.free(pointer);
        outstandingBytes.add(-sizeInBytes);
    }
}
