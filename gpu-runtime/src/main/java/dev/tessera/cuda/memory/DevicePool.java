package dev.tessera.cuda.memory;

import dev.tessera.cuda.driver.CudaApi;
import dev.tessera.cuda.driver.CudaException;
import dev.tessera.runtime.DeviceFailureException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one device, up to a cap; blocks that are given back are kept and given out again. Thread-safe.
 *
 * <p>A block must be given back only when nothing on the device uses it any more: the next owner does not wait. Every
 * thread that calls has the pool's context as its current one.
 */
public final class DevicePool implements AutoCloseable {
    /** Blocks are multiples of this, and so aligned for every load. */
    private static final long GRANULE = 512;

    /** A kept block serves if it is at most so many times as large as what is asked for. */
    private static final double MOST_WASTE = 1.25;

    private final CudaApi api;
    private final long cap;
    private final LongPredicate evict;
    private final Runnable onRecovery;
    private final TreeMap<Long, Deque<Long>> kept = new TreeMap<>();
    private long reservedBytes;
    private long usedBytes;
    private boolean isClosed;
    private boolean isAbandoned;

    /** Memory of the device. Closing it gives it back to the pool; idempotent. */
    public final class Block implements AutoCloseable {
        private final long address;
        private final long sizeInBytes;
        private boolean isGivenBack;

        private Block(long address, long sizeInBytes) {
            this.address = address;
            this.sizeInBytes = sizeInBytes;
        }

        public long address() {
            return address;
        }

        public long sizeInBytes() {
            return sizeInBytes;
        }

        @Override
        public void close() {
            giveBack(this);
        }
    }

    /**
     * A pool of at most {@code cap} bytes.
     *
     * @param evict closes blocks that are only held in case they are needed: asked for bytes, it answers whether it closed
     *     any
     * @param onRecovery told of each time that the driver had no memory, although the cap allows more, until others were given up
     */
    public DevicePool(CudaApi api, long cap, LongPredicate evict, Runnable onRecovery) {
        this.api = api;
        this.cap = cap;
        this.evict = evict;
        this.onRecovery = onRecovery;
    }

    public long cap() {
        return cap;
    }

    /** Bytes of blocks that are not given back. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /** Bytes that are taken from the device, given out or kept. */
    public synchronized long reservedBytes() {
        return reservedBytes;
    }

    /**
     * A block of at least {@code bytes}, of undefined contents.
     *
     * @throws DeviceFailureException if there is no room, although all that was only held was given up
     */
    public Block allocate(long bytes) {
        long size = Math.max(GRANULE, Math.addExact(bytes, GRANULE - 1) / GRANULE * GRANULE);
        Attempt attempt = tryAllocate(size);
        boolean isRefused = attempt.isRefused();
        // Eviction closes blocks, so it runs without the lock.
        while (attempt.block() == null && evict.test(size)) {
            attempt = tryAllocate(size);
            isRefused |= attempt.isRefused();
        }
        Block block = attempt.block();
        if (block == null) {
            throw new DeviceFailureException(
                    DeviceFailureException.Kind.OUT_OF_MEMORY,
                    "no room for %d bytes on the device: %d of %d are in use".formatted(bytes, usedBytes(), cap));
        }
        if (isRefused) {
            onRecovery.run();
        }
        return block;
    }

    /** @param isRefused whether the driver had no memory, although the cap allows more */
    private record Attempt(@Nullable Block block, boolean isRefused) {}

    private synchronized Attempt tryAllocate(long size) {
        if (isAbandoned) {
            return new Attempt(null, false);
        }
        Map.Entry<Long, Deque<Long>> fitting = kept.ceilingEntry(size);
        if (fitting != null && fitting.getKey() <= size * MOST_WASTE) {
            long found = fitting.getKey();
            Block block = new Block(fitting.getValue().pop(), found);
            if (fitting.getValue().isEmpty()) {
                kept.remove(found);
            }
            usedBytes += found;
            return new Attempt(block, false);
        }
        if (reservedBytes + size > cap) {
            freeKept();
        }
        if (reservedBytes + size > cap) {
            return new Attempt(null, false);
        }
        Block block = reserve(size);
        if (block != null) {
            return new Attempt(block, false);
        }
        if (!kept.isEmpty()) {
            freeKept();
            block = reserve(size);
        }
        return new Attempt(block, true);
    }

    /** A block from the driver; null if it has no memory. */
    private @Nullable Block reserve(long size) {
        long address;
        try {
            address = api.allocate(size);
        } catch (CudaException e) {
            if (e.kind() != CudaException.Kind.OUT_OF_MEMORY) {
                throw e;
            }
            return null;
        }
        reservedBytes += size;
        usedBytes += size;
        return new Block(address, size);
    }

    private synchronized void giveBack(Block block) {
        if (block.isGivenBack) {
            return;
        }
        block.isGivenBack = true;
        usedBytes -= block.sizeInBytes;
        if (isAbandoned) {
            return;
        }
        if (isClosed) {
            release(block.address, block.sizeInBytes);
        } else {
            kept.computeIfAbsent(block.sizeInBytes, size -> new ArrayDeque<>()).push(block.address);
        }
    }

    /** Gives what is only kept back to the device. */
    public synchronized void freeKept() {
        Releases releases = new Releases();
        kept.forEach((size, addresses) -> addresses.forEach(address -> releases.attempt(() -> release(address, size))));
        kept.clear();
        releases.finish();
    }

    private void release(long address, long size) {
        reservedBytes -= size;
        api.free(address);
    }

    /**
     * Leaves all memory to the end of the process: the device is lost, or may still be using any of it. Nothing is given
     * out any more.
     */
    public synchronized void abandon() {
        isAbandoned = true;
        kept.clear();
    }

    /** Gives kept memory back to the device, and from now on what is given back at once. */
    @Override
    public synchronized void close() {
        isClosed = true;
        freeKept();
    }
}
