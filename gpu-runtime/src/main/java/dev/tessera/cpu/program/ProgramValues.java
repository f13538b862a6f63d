package dev.tessera.cpu.program;

import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of every value of a program on its axes: its extent, the pass over the row that computes it, what is read
 * to compute it, and how often it is read. A product that only a sum of the same pass reads is part of the sum.
 */
final class ProgramValues {
    /** How a value varies: not at all, per group, or per lane too. */
    enum Extent {
        UNIFORM,
        GROUP,
        LANE
    }

    static final int NOT_FUSED = -1;

    private final RowProgram program;
    private final ProgramAxes axes;
    private final List<RowProgram.Value> types;
    private final Extent[] extents;
    private final int[] stages;
    private final boolean[] isNeeded;
    private final int[] useCounts;
    /** For a product, the sum that computes it too; for a sum, the product that it computes. */
    private final int[] fusedWith;

    ProgramValues(RowProgram program, ProgramAxes axes) {
        int count = program.instructions().size();
        this.program = program;
        this.axes = axes;
        this.types = program.values();
        this.extents = new Extent[count];
        this.stages = new int[count];
        this.isNeeded = new boolean[count];
        this.useCounts = new int[count];
        this.fusedWith = new int[count];
        for (int value = 0; value < count; value++) {
            extents[value] = extentOf(value);
            stages[value] = stageOf(value);
            fusedWith[value] = NOT_FUSED;
        }
        countUses();
        fuse();
    }

    private Extent extentOf(int value) {
        RowProgram.Instruction instruction = program.instructions().get(value);
        if (instruction instanceof RowProgram.Load load) {
            return axes.isVector(load.input())
                    ? Extent.LANE
                    : axes.isUniform(load.input()) ? Extent.UNIFORM : Extent.GROUP;
        }
        Extent extent = instruction instanceof RowProgram.Reduce ? Extent.GROUP : Extent.UNIFORM;
        if (!(instruction instanceof RowProgram.Reduce)) {
            for (int argument : instruction.arguments()) {
                extent = extents[argument].compareTo(extent) > 0 ? extents[argument] : extent;
            }
        }
        return extent;
    }

    private int stageOf(int value) {
        RowProgram.Instruction instruction = program.instructions().get(value);
        int stage = 0;
        for (int argument : instruction.arguments()) {
            stage = Math.max(stage, stages[argument]);
        }
        return instruction instanceof RowProgram.Reduce ? stage + 1 : stage;
    }

    private void countUses() {
        for (int output : program.outputs()) {
            isNeeded[output] = true;
            useCounts[output]++;
        }
        for (int value = extents.length - 1; value >= 0; value--) {
            if (isNeeded[value]) {
                for (int argument : program.instructions().get(value).arguments()) {
                    isNeeded[argument] = true;
                    useCounts[argument]++;
                }
            }
        }
    }

    private void fuse() {
        for (int value = 0; value < extents.length; value++) {
            if (isNeeded[value] && extents[value] == Extent.LANE && isFloat(value, ScalarOp.ADD)) {
                for (int argument : program.instructions().get(value).arguments()) {
                    boolean isOnlyHere = useCounts[argument] == 1 && stages[argument] == stages[value];
                    if (fusedWith[value] == NOT_FUSED
                            && isOnlyHere
                            && extents[argument] == Extent.LANE
                            && isFloat(argument, ScalarOp.MULTIPLY)) {
                        fusedWith[value] = argument;
                        fusedWith[argument] = value;
                    }
                }
            }
        }
    }

    private boolean isFloat(int value, ScalarOp op) {
        return program.instructions().get(value) instanceof RowProgram.Map map
                && map.op() == op
                && dtype(value).isFloating();
    }

    int count() {
        return extents.length;
    }

    DType dtype(int value) {
        return types.get(value).dtype();
    }

    Extent extent(int value) {
        return extents[value];
    }

    boolean isLane(int value) {
        return extents[value] == Extent.LANE;
    }

    /** The pass that computes a value that varies along the lanes; the pass before which another one is known. */
    int stage(int value) {
        return stages[value];
    }

    int lastStage() {
        int last = 0;
        for (int value = 0; value < stages.length; value++) {
            last = isNeeded[value] ? Math.max(last, stages[value]) : last;
        }
        return last;
    }

    boolean isNeeded(int value) {
        return isNeeded[value];
    }

    /** Whether a product is computed by the sum that reads it. */
    boolean isPartOfSum(int value) {
        return fusedWith[value] > value;
    }

    /** Whether a sum computes a product too; its arguments are then the two factors and what is added. */
    boolean isFusedSum(int value) {
        return fusedWith[value] != NOT_FUSED && fusedWith[value] < value;
    }

    /** The values that computing a value reads, a fused product's factors in its place and first. */
    List<Integer> arguments(int value) {
        List<Integer> own = program.instructions().get(value).arguments();
        if (!isFusedSum(value)) {
            return own;
        }
        int product = fusedWith[value];
        List<Integer> arguments =
                new ArrayList<>(program.instructions().get(product).arguments());
        arguments.add(own.get(0) == product ? own.get(1) : own.get(0));
        return arguments;
    }
}
