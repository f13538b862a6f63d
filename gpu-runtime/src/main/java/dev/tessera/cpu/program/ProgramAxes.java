package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.StridedView;

/**
 * The axes that a program runs along in one batch: outer axes, the batch's rows first, of which the innermost may be
 * taken several at a time, and the program's own. A program without reductions runs along as long an axis as its operands
 * allow.
 */
final class ProgramAxes {
    /** The longest row of which several are taken at a time. */
    private static final int MAX_GROUPED_LENGTH = 128;

    private final BoundProgram bound;
    private final AxisNest outer;
    private final boolean[] isVector;
    private final long[] laneStrides;
    private long length;

    private ProgramAxes(BoundProgram bound, AxisNest outer) {
        int count = bound.operands().size();
        this.bound = bound;
        this.outer = outer;
        this.isVector = new boolean[count];
        this.laneStrides = new long[count];
        this.length = bound.length();
        int axis = bound.outer().size();
        for (int operand = 0; operand < count; operand++) {
            isVector[operand] = bound.isVector(operand);
            laneStrides[operand] =
                    isVector[operand] ? bound.operands().get(operand).stride(axis) : 0;
        }
    }

    /** The axes for {@code rowCount} rows, those of each operand {@code rowStrides} elements apart. */
    static ProgramAxes of(BoundProgram bound, int rowCount, long[] rowStrides) {
        AxisNest outer = new AxisNest(rowStrides.length);
        outer.add(rowCount, rowStrides);
        for (int axis = 0; axis < bound.outer().size(); axis++) {
            long[] along = new long[rowStrides.length];
            for (int operand = 0; operand < along.length; operand++) {
                along[operand] = bound.operands().get(operand).stride(axis);
            }
            outer.add(bound.outer().get(axis), along);
        }
        ProgramAxes axes = new ProgramAxes(bound, outer);
        if (!bound.program().hasReductions()) {
            axes.lengthen();
        }
        if (axes.length <= MAX_GROUPED_LENGTH) {
            axes.groupLongest();
        }
        return axes;
    }

    private void lengthen() {
        int last = outer.rank() - 1;
        if (last < 0 || outer.isEmpty()) {
            return;
        }
        if (length == 1) {
            length = outer.dim(last);
            for (int operand = 0; operand < laneStrides.length; operand++) {
                laneStrides[operand] = outer.stride(operand, last);
                isVector[operand] = operand >= bound.inputCount() || laneStrides[operand] != 0;
            }
            outer.removeInnermost();
        } else if (isOneWithLanes(last)) {
            length *= outer.dim(last);
            outer.removeInnermost();
        }
    }

    private boolean isOneWithLanes(int axis) {
        for (int operand = 0; operand < laneStrides.length; operand++) {
            boolean isOutput = operand >= bound.inputCount();
            boolean fits = isVector[operand]
                    ? outer.stride(operand, axis) == laneStrides[operand] * length
                    : !isOutput && outer.stride(operand, axis) == 0;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private void groupLongest() {
        int longest = outer.rank() - 1;
        for (int axis = longest - 1; axis >= 0; axis--) {
            longest = outer.dim(axis) > outer.dim(longest) ? axis : longest;
        }
        if (longest >= 0) {
            outer.moveInnermost(longest);
        }
    }

    AxisNest outer() {
        return outer;
    }

    boolean isEmpty() {
        return outer.isEmpty();
    }

    /** How many indices of the innermost outer axis there are; 1 if there is no such axis. */
    long groupCount() {
        return outer.rank() == 0 ? 1 : outer.dim(outer.rank() - 1);
    }

    long groupStride(int operand) {
        return outer.rank() == 0 ? 0 : outer.stride(operand, outer.rank() - 1);
    }

    /** How many groups a tile takes at most. */
    int groupsPerTile() {
        if (length > MAX_GROUPED_LENGTH) {
            return 1;
        }
        return (int) Math.max(1, Math.min(groupCount(), ProgramCompiler.BLOCK / Math.max(1, length)));
    }

    long length() {
        return length;
    }

    boolean isVector(int operand) {
        return isVector[operand];
    }

    long laneStride(int operand) {
        return laneStrides[operand];
    }

    /** Whether an operand is the same at every index of the outer axes. */
    boolean isUniform(int operand) {
        for (int axis = 0; axis < outer.rank(); axis++) {
            if (outer.stride(operand, axis) != 0) {
                return false;
            }
        }
        return true;
    }

    long[] offsets() {
        return bound.operands().stream().mapToLong(StridedView::offset).toArray();
    }
}
