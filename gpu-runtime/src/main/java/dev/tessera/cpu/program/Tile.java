package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.Elements;

/**
 * What a kernel works on: {@link #groups} runs of {@link #lanes} neighbours along the program's axis, from
 * {@link #lane} on, and where each operand of the step has them. Changed as a run goes on; confined to its thread.
 */
final class Tile {
    final Elements[] operands;
    /** The element at which each operand has the first group, lane 0. */
    final long[] base;

    int groups;
    int lanes;
    int lane;
    /** {@code groups * lanes}. */
    int count;

    Tile(int operandCount) {
        this.operands = new Elements[operandCount];
        this.base = new long[operandCount];
    }
}
