package dev.tessera.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Page-locked memory of the host, which every device of the process can copy from and to while the host does other things.
 * Belongs to who allocated it, and is freed with {@link CudaApi#freePinned}; neither address nor buffer may be used then.
 */
public final class PinnedMemory {
    private final long address;
    private final ByteBuffer bytes;

    PinnedMemory(long address, ByteBuffer bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    public long address() {
        return address;
    }

    public int sizeInBytes() {
        return bytes.capacity();
    }

    /** A view of all of the memory in the machine's byte order, with a position and limit of its own. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.nativeOrder());
    }
}
