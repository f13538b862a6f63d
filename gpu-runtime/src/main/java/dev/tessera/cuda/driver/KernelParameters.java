package dev.tessera.cuda.driver;

import java.nio.ByteBuffer;

/**
 * The arguments of a launch, in memory outside the heap as the driver reads them: a table of the address of each, and then
 * the values, eight bytes each. The driver copies them before a launch returns, so that one block serves every launch of a
 * thread. Not thread-safe; closed with the memory it lies in.
 */
public final class KernelParameters {
    private static final int SLOT_BYTES = Long.BYTES;

    private final ByteBuffer bytes;
    private final long address;
    private final int start;
    private final int capacity;

    /**
     * A block for up to {@code capacity} arguments.
     *
     * @param offset where it starts in {@code memory}, in bytes: a multiple of eight
     * @throws IllegalArgumentException if {@code memory} is too small for it
     */
    public KernelParameters(PinnedMemory memory, int offset, int capacity) {
        if (offset % SLOT_BYTES != 0 || sizeInBytes(capacity) > memory.sizeInBytes() - (long) offset) {
            throw new IllegalArgumentException(
                    "Cannot put %d kernel arguments at byte %d of %d bytes: they take %d, aligned"
                            .formatted(capacity, offset, memory.sizeInBytes(), sizeInBytes(capacity)));
        }
        this.bytes = memory.bytes();
        this.address = memory.address() + offset;
        this.start = offset;
        this.capacity = capacity;
        for (int index = 0; index < capacity; index++) {
            bytes.putLong(offset + index * SLOT_BYTES, address + (long) (capacity + index) * SLOT_BYTES);
        }
    }

    /** What a block for {@code capacity} arguments takes. */
    public static long sizeInBytes(int capacity) {
        return 2L * SLOT_BYTES * capacity;
    }

    /** Sets an argument that is a device address or a 64-bit integer. */
    public void set(int index, long value) {
        bytes.putLong(at(index), value);
    }

    public void set(int index, int value) {
        bytes.putInt(at(index), value);
    }

    public void set(int index, float value) {
        bytes.putFloat(at(index), value);
    }

    public void set(int index, double value) {
        bytes.putDouble(at(index), value);
    }

    /** Where the table starts: {@code kernelParams} of a launch. */
    long address() {
        return address;
    }

    private int at(int index) {
        if (index < 0 || index >= capacity) {
            throw new IndexOutOfBoundsException("argument %d of %d".formatted(index, capacity));
        }
        return start + (capacity + index) * SLOT_BYTES;
    }
}
