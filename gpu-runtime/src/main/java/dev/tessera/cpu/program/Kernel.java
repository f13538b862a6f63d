package dev.tessera.cpu.program;

/** One primitive call between registers, compiled with its operands. */
@FunctionalInterface
interface Kernel {
    /** Computes {@code count} elements: those of a tile's block, one per group, or one. */
    void run(Tile tile, int count);
}
