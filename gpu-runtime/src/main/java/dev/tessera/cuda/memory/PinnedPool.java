package dev.tessera.cuda.memory;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.cuda.driver.PinnedMemory;
import dev.tessera.runtime.DeviceFailureException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Page-locked host memory, up to a cap, which a device reads and writes while the host does other things; buffers that are
 * given back are kept and given out again. Thread-safe.
 */
public final class PinnedPool implements AutoCloseable {
    private static final long GRANULE = 4096;

    /** A kept buffer serves if it is at most so many times as large as what is asked for. */
    private static final double MOST_WASTE = 1.5;

    private final CudaApi api;
    private final long cap;
    private final TreeMap<Integer, Deque<PinnedMemory>> kept = new TreeMap<>();
    private long reservedBytes;
    private long usedBytes;
    private boolean isClosed;
    private boolean isAbandoned;

    /** Host memory. Closing it gives it back to the pool; idempotent. */
    public final class Buffer implements AutoCloseable {
        private final PinnedMemory memory;
        private final ByteBuffer bytes;
        private boolean isGivenBack;

        private Buffer(PinnedMemory memory) {
            this.memory = memory;
            this.bytes = memory.bytes();
        }

        public PinnedMemory memory() {
            return memory;
        }

        public long address() {
            return memory.address();
        }

        /** All of the memory, in native byte order; always the same object. */
        public ByteBuffer bytes() {
            return bytes;
        }

        @Override
        public void close() {
            giveBack(this);
        }
    }

    public PinnedPool(CudaApi api, long cap) {
        this.api = api;
        this.cap = cap;
    }

    public long cap() {
        return cap;
    }

    /** Bytes of buffers that are not given back. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /**
     * A buffer of at least {@code bytes}, of undefined contents.
     *
     * @throws DeviceFailureException if there is no room
     */
    public synchronized Buffer allocate(long bytes) {
        long rounded = Math.max(GRANULE, Math.addExact(bytes, GRANULE - 1) / GRANULE * GRANULE);
        if (isAbandoned || bytes > Integer.MAX_VALUE) {
            throw noRoom(bytes);
        }
        int size = (int) Math.min(Integer.MAX_VALUE, rounded);
        Map.Entry<Integer, Deque<PinnedMemory>> fitting = kept.ceilingEntry(size);
        PinnedMemory memory;
        if (fitting != null && fitting.getKey() <= size * MOST_WASTE) {
            memory = fitting.getValue().pop();
            if (fitting.getValue().isEmpty()) {
                kept.remove(fitting.getKey());
            }
        } else {
            memory = reserve(size, bytes);
        }
        usedBytes += memory.sizeInBytes();
        return new Buffer(memory);
    }

    private PinnedMemory reserve(int size, long bytes) {
        if (reservedBytes + size > cap) {
            freeKept();
        }
        if (reservedBytes + size > cap) {
            throw noRoom(bytes);
        }
        try {
            PinnedMemory memory = api.allocatePinned(size);
            reservedBytes += size;
            return memory;
        } catch (CudaException e) {
            if (e.kind() == CudaException.Kind.OUT_OF_MEMORY) {
                throw noRoom(bytes);
            }
            throw e;
        }
    }

    private DeviceFailureException noRoom(long bytes) {
        return new DeviceFailureException(
                DeviceFailureException.Kind.OUT_OF_MEMORY,
                "no room for %d bytes of page-locked memory: %d of %d are in use".formatted(bytes, usedBytes, cap));
    }

    private synchronized void giveBack(Buffer buffer) {
        if (buffer.isGivenBack) {
            return;
        }
        buffer.isGivenBack = true;
        PinnedMemory memory = buffer.memory;
        usedBytes -= memory.sizeInBytes();
        if (isAbandoned) {
            return;
        }
        if (isClosed) {
            release(memory);
        } else {
            kept.computeIfAbsent(memory.sizeInBytes(), size -> new ArrayDeque<>())
                    .push(memory);
        }
    }

    private void freeKept() {
        Releases releases = new Releases();
        kept.values().forEach(memories -> memories.forEach(memory -> releases.attempt(() -> release(memory))));
        kept.clear();
        releases.finish();
    }

    private void release(PinnedMemory memory) {
        reservedBytes -= memory.sizeInBytes();
        api.freePinned(memory);
    }

    /**
     * Leaves all memory to the end of the process: the device is lost, or may still be using any of it. Nothing is given
     * out any more.
     */
    public synchronized void abandon() {
        isAbandoned = true;
        kept.clear();
    }

    /** Gives kept memory back to the system, and from now on what is given back at once. */
    @Override
    public synchronized void close() {
        isClosed = true;
        freeKept();
    }
}
