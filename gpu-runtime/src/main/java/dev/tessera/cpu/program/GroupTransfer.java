package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.Elements;

/** Moves the block of a tile of several groups between an operand and a register, in as few runs as its strides allow. */
final class GroupTransfer {
    private GroupTransfer() {}

    static void load(Tile tile, int operand, long laneStride, long groupStride, Register register) {
        Elements elements = tile.operands[operand];
        long from = tile.base[operand];
        int lanes = tile.lanes;
        if (groupStride == laneStride * lanes) {
            elements.load(from, laneStride, register.values(), 0, tile.count);
        } else if (lanes == 1) {
            elements.load(from, groupStride, register.values(), 0, tile.groups);
        } else {
            for (int group = 0; group < tile.groups; group++) {
                elements.load(from + group * groupStride, laneStride, register.values(), group * lanes, lanes);
            }
        }
    }

    static void store(Tile tile, int operand, long laneStride, long groupStride, Register register) {
        Elements elements = tile.operands[operand];
        long to = tile.base[operand];
        int lanes = tile.lanes;
        if (groupStride == laneStride * lanes) {
            elements.store(to, laneStride, register.values(), 0, tile.count);
        } else if (lanes == 1) {
            elements.store(to, groupStride, register.values(), 0, tile.groups);
        } else {
            for (int group = 0; group < tile.groups; group++) {
                elements.store(to + group * groupStride, laneStride, register.values(), group * lanes, lanes);
            }
        }
    }
}
