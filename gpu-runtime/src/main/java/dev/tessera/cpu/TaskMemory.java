package dev.tessera.cpu;

import dev.tessera.cpu.memory.Block;
import dev.tessera.cpu.memory.NativeMemory;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** All that a task, or a value that tasks share, has allocated. Used by one thread at a time; closing it frees everything. */
final class TaskMemory implements AutoCloseable {
    private final NativeMemory memory;
    private final Set<Block> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
    private long nativeBytes;
    private boolean isClosed;

    TaskMemory(NativeMemory memory) {
        this.memory = memory;
    }

    /** Another, empty one. */
    TaskMemory beside() {
        return new TaskMemory(memory);
    }

    Block allocate(long sizeInBytes) {
        requireOpen();
        Block block = memory.allocate(sizeInBytes);
        blocks.add(block);
        nativeBytes += block.nativeBytes();
        return block;
    }

    void free(Block block) {
        if (blocks.remove(block)) {
            nativeBytes -= block.nativeBytes();
            block.close();
        }
    }

    /** The bytes of all blocks, on the heap or outside it. */
    long sizeInBytes() {
        return blocks.stream().mapToLong(Block::sizeInBytes).sum();
    }

    long nativeBytes() {
        return nativeBytes;
    }

    boolean isNative() {
        return memory.isNative();
    }

    void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("Cannot use a CPU task: it is closed");
        }
    }

    @Override
    public void close() {
        isClosed = true;
        blocks.forEach(Block::close);
        blocks.clear();
        nativeBytes = 0;
    }
}
