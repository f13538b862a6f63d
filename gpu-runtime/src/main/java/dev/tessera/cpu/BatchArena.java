package dev.tessera.cpu;

import dev.tessera.cpu.memory.Block;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.tensor.DType;
import java.util.HashMap;
import java.util.Map;

/** The work memory of one batch: a block per slot, kept and grown from batch to batch. Freed with the task's memory. */
final class BatchArena {
    private final TaskMemory memory;
    private final Map<Integer, Block> blocks = new HashMap<>();
    private final Map<Integer, Elements> elements = new HashMap<>();

    BatchArena(TaskMemory memory) {
        this.memory = memory;
    }

    /** At least {@code sizeInBytes} of undefined contents for a slot. */
    Block block(int slot, long sizeInBytes) {
        Block block = blocks.get(slot);
        if (block == null || block.sizeInBytes() < sizeInBytes) {
            if (block != null) {
                blocks.remove(slot);
                elements.remove(slot);
                memory.free(block);
            }
            block = memory.allocate(sizeInBytes);
            blocks.put(slot, block);
        }
        return block;
    }

    /** A slot's block as elements, the same ones as long as the slot is used alike. */
    Elements elements(int slot, DType dtype, long sizeInBytes, long rowStride) {
        Block block = block(slot, sizeInBytes);
        Elements known = elements.get(slot);
        if (known == null || known.dtype() != dtype || known.rowStride() != rowStride) {
            known = Elements.of(dtype, block.bytes(), rowStride);
            elements.put(slot, known);
        }
        return known;
    }
}
