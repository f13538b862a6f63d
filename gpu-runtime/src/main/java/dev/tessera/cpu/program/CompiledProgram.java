package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.Elements;
import java.util.ArrayList;
import java.util.List;

/** A program compiled for its axes. Runs again and again over operands laid out alike; confined to one thread. */
final class CompiledProgram {
    /** What is done for each stage: values per group first, then the lanes, block after block. */
    static final class Pass {
        final List<Kernel> scalars = new ArrayList<>();
        final List<Kernel> lanes = new ArrayList<>();
        final List<Reducer> reducers = new ArrayList<>();
    }

    /** A pass as it runs: in arrays, which are walked for every tile without an iterator. */
    private static final class FixedPass {
        final Kernel[] scalars;
        final Kernel[] lanes;
        final Reducer[] reducers;

        FixedPass(Pass pass) {
            this.scalars = pass.scalars.toArray(Kernel[]::new);
            this.lanes = pass.lanes.toArray(Kernel[]::new);
            this.reducers = pass.reducers.toArray(Reducer[]::new);
        }
    }

    private final ProgramAxes axes;
    private final Kernel[] prologue;
    private final FixedPass[] passes;
    private final Kernel[] stores;
    private final Tile tile;
    private final long[] offsets;
    private final long[] start;

    CompiledProgram(ProgramAxes axes, List<Kernel> prologue, List<Pass> passes, List<Kernel> stores) {
        this.axes = axes;
        this.prologue = prologue.toArray(Kernel[]::new);
        this.passes = passes.stream().map(FixedPass::new).toArray(FixedPass[]::new);
        this.stores = stores.toArray(Kernel[]::new);
        this.offsets = axes.offsets();
        this.start = new long[offsets.length];
        this.tile = new Tile(offsets.length);
    }

    void run(int firstRow, Elements[] operands) {
        if (axes.isEmpty()) {
            return;
        }
        System.arraycopy(operands, 0, tile.operands, 0, operands.length);
        for (int operand = 0; operand < offsets.length; operand++) {
            start[operand] = offsets[operand] + firstRow * operands[operand].rowStride();
            tile.base[operand] = start[operand];
        }
        for (Kernel kernel : prologue) {
            kernel.run(tile, 1);
        }
        int groupAxes = Math.min(1, axes.outer().rank());
        axes.outer().forEach(groupAxes, start, this::runGroups);
    }

    private void runGroups(long[] at) {
        long count = axes.groupCount();
        int most = axes.groupsPerTile();
        for (long group = 0; group < count; group += most) {
            for (int operand = 0; operand < at.length; operand++) {
                tile.base[operand] = at[operand] + group * axes.groupStride(operand);
            }
            tile.groups = (int) Math.min(most, count - group);
            runTile();
        }
    }

    private void runTile() {
        for (FixedPass pass : passes) {
            for (Kernel kernel : pass.scalars) {
                kernel.run(tile, tile.groups);
            }
            if (pass.lanes.length > 0) {
                runLanes(pass);
            }
        }
        for (Kernel kernel : stores) {
            kernel.run(tile, tile.groups);
        }
    }

    private void runLanes(FixedPass pass) {
        long length = axes.length();
        tile.lane = 0;
        for (Reducer reducer : pass.reducers) {
            reducer.begin(tile);
        }
        for (long lane = 0; lane < length; lane += ProgramCompiler.BLOCK) {
            tile.lane = (int) lane;
            tile.lanes = (int) Math.min(ProgramCompiler.BLOCK, length - lane);
            tile.count = tile.groups * tile.lanes;
            for (Kernel kernel : pass.lanes) {
                kernel.run(tile, tile.count);
            }
        }
        for (Reducer reducer : pass.reducers) {
            reducer.finish(tile, length);
        }
    }
}
