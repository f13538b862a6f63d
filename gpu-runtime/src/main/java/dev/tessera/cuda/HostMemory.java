package dev.tessera.cuda;

import dev.tessera.cuda.memory.PinnedPool;
import dev.tessera.runtime.HostBuffer;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The host memory of one task: page-locked where there is room. Used by one thread; closing it frees all. */
final class HostMemory implements AutoCloseable {
    private final PinnedPool pool;
    private final Set<PinnedPool.Buffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Gathering> gatherings = Collections.newSetFromMap(new IdentityHashMap<>());

    HostMemory(PinnedPool pool) {
        this.pool = pool;
    }

    /** Memory that rows are gathered in. */
    private final class Gathering implements HostBuffer {
        private final ByteBuffer bytes;
        private final PinnedPool.@Nullable Buffer pinned;

        Gathering(ByteBuffer bytes, PinnedPool.@Nullable Buffer pinned) {
            this.bytes = bytes;
            this.pinned = pinned;
        }

        @Override
        public ByteBuffer bytes() {
            return bytes;
        }

        @Override
        public void close() {
            if (gatherings.remove(this) && pinned != null) {
                free(pinned);
            }
        }
    }

    /** Page-locked memory to gather rows in. */
    HostBuffer gathering(long sizeInBytes) {
        PinnedPool.Buffer pinned = allocate(sizeInBytes);
        return added(new Gathering(pinned.bytes(), pinned));
    }

    /** Ordinary memory to gather rows in, which are copied once more. */
    HostBuffer ordinary(long sizeInBytes) {
        int size = Math.toIntExact(sizeInBytes);
        return added(new Gathering(ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder()), null));
    }

    private HostBuffer added(Gathering gathering) {
        gatherings.add(gathering);
        return gathering;
    }

    /** Page-locked memory. */
    PinnedPool.Buffer allocate(long sizeInBytes) {
        PinnedPool.Buffer buffer = pool.allocate(sizeInBytes);
        buffers.add(buffer);
        return buffer;
    }

    void free(PinnedPool.Buffer buffer) {
        if (buffers.remove(buffer)) {
            buffer.close();
        }
    }

    /** The address of a tensor's first element if it lies, contiguous, in page-locked memory of this task, else 0. */
    long addressOf(HostTensor tensor) {
        if (tensor.isContiguous()) {
            for (Gathering gathering : gatherings) {
                if (gathering.pinned != null && tensor.isViewOf(gathering.bytes)) {
                    return gathering.pinned.address() + tensor.offsetInBytes();
                }
            }
        }
        return 0;
    }

    long sizeInBytes() {
        long bytes = 0;
        for (PinnedPool.Buffer buffer : buffers) {
            bytes += buffer.memory().sizeInBytes();
        }
        return bytes;
    }

    /** Copies a tensor, row-major. */
    static void copy(HostTensor tensor, ByteBuffer to) {
        if (tensor.isContiguous()) {
            to.put(0, tensor.storage(), tensor.offsetInBytes(), Math.toIntExact(tensor.sizeInBytes()));
            return;
        }
        int at = 0;
        for (long index = 0; index < tensor.size(0); index++) {
            HostTensor row = tensor.row(index);
            int size = Math.toIntExact(row.sizeInBytes());
            to.put(at, row.storage(), row.offsetInBytes(), size);
            at += size;
        }
    }

    @Override
    public void close() {
        buffers.forEach(PinnedPool.Buffer::close);
        buffers.clear();
        gatherings.clear();
    }
}
