package dev.tessera.cpu;

import dev.tessera.cpu.memory.Block;
import java.util.HashMap;
import java.util.Map;

/** The work memory of one batch: a block per slot, kept and grown from batch to batch. Freed with the task's memory. */
final class BatchArena {
    private final TaskMemory memory;
    private final Map<Integer, Block> blocks = new HashMap<>();

    BatchArena(TaskMemory memory) {
        this.memory = memory;
    }

    /** At least {@code sizeInBytes} of undefined contents for a slot. */
    Block block(int slot, long sizeInBytes) {
        Block block = blocks.get(slot);
        if (block == null || block.sizeInBytes() < sizeInBytes) {
            if (block != null) {
                blocks.remove(slot);
                memory.free(block);
            }
            block = memory.allocate(sizeInBytes);
            blocks.put(slot, block);
        }
        return block;
    }
}
