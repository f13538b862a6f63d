package dev.tessera.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Shares the memory of a device among tasks: permits in bytes, granted in the order they were asked for. Thread-safe.
 *
 * <p>Who holds a permit must not wait for another one, or two tasks could wait for each other: it asks with
 * {@link #tryAcquire}, and if there is no room, first finishes what it has in flight.
 */
public final class DeviceGate {
    private final long capacity;
    private final Deque<Object> waiting = new ArrayDeque<>();
    private long available;

    /** Bytes that may be used until {@link #close}. Idempotent. */
    public final class Permit implements AutoCloseable {
        private long bytes;

        private Permit(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public void close() {
            release(this);
        }
    }

    public DeviceGate(long capacityInBytes) {
        if (capacityInBytes < 0) {
            throw new IllegalArgumentException("Cannot share %d bytes of a device".formatted(capacityInBytes));
        }
        this.capacity = capacityInBytes;
        this.available = capacityInBytes;
    }

    /** Bytes that permits may hold in all. */
    public long capacity() {
        return capacity;
    }

    /** Bytes that no permit holds. */
    public synchronized long available() {
        return available;
    }

    /** A permit for {@code bytes} if there is room now and nobody waits, else null. */
    public synchronized @Nullable Permit tryAcquire(long bytes) {
        long granted = requireGrantable(bytes);
        return waiting.isEmpty() && granted <= available ? take(granted) : null;
    }

    /**
     * Waits for a permit for {@code bytes}.
     *
     * @throws InterruptedException if the thread is interrupted, then without a permit
     */
    public synchronized Permit acquire(long bytes) throws InterruptedException {
        long granted = requireGrantable(bytes);
        Object turn = new Object();
        waiting.addLast(turn);
        try {
            while (waiting.peekFirst() != turn || granted > available) {
                wait();
            }
            return take(granted);
        } finally {
            waiting.remove(turn);
            notifyAll();
        }
    }

    private long requireGrantable(long bytes) {
        if (bytes < 0 || bytes > capacity) {
            throw new DeviceFailureException(
                    DeviceFailureException.Kind.OUT_OF_MEMORY,
                    "%d bytes are more than the %d that may be used of the device".formatted(bytes, capacity));
        }
        return bytes;
    }

    private Permit take(long bytes) {
        available -= bytes;
        return new Permit(bytes);
    }

    private synchronized void release(Permit permit) {
        available += permit.bytes;
        permit.bytes = 0;
        notifyAll();
    }
}
