package dev.tessera.cuda.memory;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Constants that stay on a device from batch to batch and from task to task, by the digest of their bytes. The ones that
 * nobody has used for the longest make way when memory runs out, but none that a batch uses. Thread-safe.
 */
public final class ResidentConstants implements AutoCloseable {
    private final Map<String, Resident> byDigest = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Resident {
        private final DevicePool.Block block;
        private int leases;

        private Resident(DevicePool.Block block) {
            this.block = block;
        }
    }

    /** The use of a constant; it stays where it is until this is closed. Idempotent. */
    public final class Lease implements AutoCloseable {
        private final Resident resident;
        private boolean isClosed;

        private Lease(Resident resident) {
            this.resident = resident;
        }

        public long address() {
            return resident.block.address();
        }

        @Override
        public void close() {
            synchronized (ResidentConstants.this) {
                if (!isClosed) {
                    isClosed = true;
                    resident.leases--;
                }
            }
        }
    }

    /**
     * A lease of a constant, which is first put on the device if it is not there.
     *
     * @param allocate gives a block of so many bytes, and may call {@link #evict} to find it
     * @param upload fills the block, and returns when it is filled
     */
    public synchronized Lease lease(
            String digest, long bytes, LongFunction<DevicePool.Block> allocate, Consumer<DevicePool.Block> upload) {
        Resident resident = byDigest.get(digest);
        if (resident == null) {
            DevicePool.Block block = allocate.apply(bytes);
            boolean isFilled = false;
            try {
                upload.accept(block);
                isFilled = true;
            } finally {
                if (!isFilled) {
                    block.close();
                }
            }
            resident = new Resident(block);
            byDigest.put(digest, resident);
        }
        resident.leases++;
        return new Lease(resident);
    }

    /** Gives up constants that nobody uses until {@code bytes} are given back, and says whether there were any. */
    public synchronized boolean evict(long bytes) {
        long freed = 0;
        Iterator<Resident> eldest = byDigest.values().iterator();
        while (freed < bytes && eldest.hasNext()) {
            Resident resident = eldest.next();
            if (resident.leases == 0) {
                freed += resident.block.sizeInBytes();
                resident.block.close();
                eldest.remove();
            }
        }
        return freed > 0;
    }

    /** Gives up all that nobody uses. */
    @Override
    public void close() {
        evict(Long.MAX_VALUE);
    }
}
