package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.Elements;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Runs one program for batch after batch. What is compiled for one number of rows and one layout of them is kept, so that
 * batches, and panels of them, that alternate between a few sizes compile nothing. One thread's.
 */
public final class ProgramRunner {
    private static final int KEPT = 4;

    private final BoundProgram bound;
    private final InstructionSet instructions;
    private final @Nullable Layout[] layouts = new Layout[KEPT];
    private int replaced;

    /** A program compiled for so many rows, those of each operand so far apart. */
    private static final class Layout {
        private final int rowCount;
        private final long[] rowStrides;
        private final CompiledProgram program;

        Layout(int rowCount, long[] rowStrides, CompiledProgram program) {
            this.rowCount = rowCount;
            this.rowStrides = rowStrides;
            this.program = program;
        }

        boolean fits(int rows, Elements[] operands) {
            boolean isLaidOutAlike = rows == rowCount;
            for (int operand = 0; operand < rowStrides.length; operand++) {
                isLaidOutAlike &= rowStrides[operand] == operands[operand].rowStride();
            }
            return isLaidOutAlike;
        }
    }

    public ProgramRunner(BoundProgram bound, InstructionSet instructions) {
        this.bound = bound;
        this.instructions = instructions;
    }

    /** Runs over {@code rowCount} rows from {@code firstRow} on of the operands, the inputs and then the outputs. */
    public void run(int firstRow, int rowCount, Elements[] operands) {
        for (Layout layout : layouts) {
            if (layout != null && layout.fits(rowCount, operands)) {
                layout.program.run(firstRow, operands);
                return;
            }
        }
        compile(rowCount, operands).run(firstRow, operands);
    }

    private CompiledProgram compile(int rowCount, Elements[] operands) {
        long[] rowStrides =
                Arrays.stream(operands).mapToLong(Elements::rowStride).toArray();
        ProgramAxes axes = ProgramAxes.of(bound, rowCount, rowStrides);
        CompiledProgram program = ProgramCompiler.compile(bound.program(), axes, instructions);
        layouts[replaced] = new Layout(rowCount, rowStrides, program);
        replaced = (replaced + 1) % KEPT;
        return program;
    }

    @Override
    public String toString() {
        return "run of " + bound.program();
    }
}
