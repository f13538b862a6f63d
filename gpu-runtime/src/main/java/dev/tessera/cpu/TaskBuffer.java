package dev.tessera.cpu;

import dev.tessera.cpu.memory.Block;
import dev.tessera.runtime.HostBuffer;
import java.nio.ByteBuffer;

/** Memory of a task, given to its user until one of them closes it. */
record TaskBuffer(TaskMemory memory, Block block) implements HostBuffer {
    @Override
    public ByteBuffer bytes() {
        return block.bytes();
    }

    @Override
    public void close() {
        memory.free(block);
    }
}
