package dev.tessera.cpu;

import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.NativeMemory;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What tasks of this backend share of their plans' constants: copies outside the heap, and values computed from constants
 * alone. Each is made once, by the first task that asks for it, while others that ask wait. What no task leases stays, up
 * to a number of bytes, and leaves in the order of its last use. Thread-safe; closed by the backend.
 */
final class SharedConstants implements AutoCloseable {
    private final NativeMemory memory;
    private final long maxBytes;
    /** In the order of their last use. */
    private final Map<Object, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long heldBytes;
    private boolean isClosed;

    /** Holds up to {@code maxBytes} of {@code memory} beyond what is leased. */
    SharedConstants(NativeMemory memory, long maxBytes) {
        this.memory = memory;
        this.maxBytes = maxBytes;
    }

    /** The right to use shared values until it is closed. Closed by the task that asked for it. */
    final class Lease implements AutoCloseable {
        private final Entry entry;
        private boolean isOver;

        private Lease(Entry entry) {
            this.entry = entry;
        }

        List<Elements> values() {
            return entry.values;
        }

        @Override
        public void close() {
            if (!isOver) {
                isOver = true;
                release(entry);
            }
        }
    }

    /** Values that are made once. Its lock is held while they are made, that of the whole store only in between. */
    private final class Entry {
        private final Object key;
        private List<Elements> values = List.of();
        /** What the values take; none until they are made. */
        private @Nullable TaskMemory block;
        /** Guarded by the store. */
        private int leases;

        private Entry(Object key) {
            this.key = key;
        }

        private synchronized void make(Function<TaskMemory, List<Elements>> computation) {
            if (block != null) {
                return;
            }
            TaskMemory made = new TaskMemory(memory);
            boolean isDone = false;
            try {
                values = List.copyOf(computation.apply(made));
                isDone = true;
            } finally {
                if (!isDone) {
                    made.close();
                }
            }
            block = made;
            count(made.sizeInBytes());
        }
    }

    /**
     * Leases the values of {@code key}, which {@code computation} makes in the memory it is given if they are not there.
     * Equal keys stand for equal values.
     */
    Lease lease(Object key, Function<TaskMemory, List<Elements>> computation) {
        Entry entry = reserved(key);
        boolean isMade = false;
        try {
            entry.make(computation);
            isMade = true;
            return new Lease(entry);
        } finally {
            if (!isMade) {
                release(entry);
            }
        }
    }

    private synchronized Entry reserved(Object key) {
        Entry entry = entries.computeIfAbsent(key, Entry::new);
        entry.leases++;
        return entry;
    }

    private synchronized void count(long bytes) {
        heldBytes += bytes;
        evict(maxBytes);
    }

    private synchronized void release(Entry entry) {
        entry.leases--;
        if (entry.leases == 0 && entry.block == null) {
            entries.remove(entry.key);
        }
        evict(isClosed ? 0 : maxBytes);
    }

    private void evict(long most) {
        Iterator<Entry> eldest = entries.values().iterator();
        while (heldBytes > most && eldest.hasNext()) {
            Entry entry = eldest.next();
            TaskMemory block = entry.block;
            if (entry.leases == 0 && block != null) {
                heldBytes -= block.sizeInBytes();
                block.close();
                eldest.remove();
            }
        }
    }

    /** The bytes of all that is held now, leased or not. */
    synchronized long heldBytes() {
        return heldBytes;
    }

    /** Frees what is not leased, and from now on all else as soon as its last lease ends. Idempotent. */
    @Override
    public synchronized void close() {
        isClosed = true;
        evict(0);
    }
}
