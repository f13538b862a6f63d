package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.HeapBlock;
import dev.tessera.tensor.DType;
import java.util.Arrays;

/** Heap storage for one value of a program; of a whole row of it where the value outlives the pass that computes it. */
final class Register {
    private final DType dtype;
    private final Object values;
    private final boolean holdsRow;

    private Register(DType dtype, Object values, boolean holdsRow) {
        this.dtype = dtype;
        this.values = values;
        this.holdsRow = holdsRow;
    }

    /** Room for one block, or for the groups of a tile. */
    static Register ofBlock(DType dtype, int capacity) {
        return new Register(dtype, HeapBlock.of(dtype, capacity), false);
    }

    /** Room for whole rows; a block of it starts at the tile's lane. */
    static Register ofRow(DType dtype, int capacity) {
        return new Register(dtype, HeapBlock.of(dtype, capacity), true);
    }

    DType dtype() {
        return dtype;
    }

    Object values() {
        return values;
    }

    float[] floats() {
        return (float[]) values;
    }

    double[] doubles() {
        return (double[]) values;
    }

    int[] ints() {
        return (int[]) values;
    }

    long[] longs() {
        return (long[]) values;
    }

    byte[] bytes() {
        return (byte[]) values;
    }

    boolean holdsRow() {
        return holdsRow;
    }

    /** Where the tile's block starts. */
    int at(Tile tile) {
        return holdsRow ? tile.lane : 0;
    }

    /** Copies the element at {@code from} to {@code count} places from {@code to} on. */
    void repeat(int from, Register target, int to, int count) {
        switch (dtype) {
            case BOOL -> Arrays.fill(target.bytes(), to, to + count, bytes()[from]);
            case INT32 -> Arrays.fill(target.ints(), to, to + count, ints()[from]);
            case INT64 -> Arrays.fill(target.longs(), to, to + count, longs()[from]);
            case FLOAT32 -> Arrays.fill(target.floats(), to, to + count, floats()[from]);
            case FLOAT64 -> Arrays.fill(target.doubles(), to, to + count, doubles()[from]);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(dtype.toString());
        }
    }
}
