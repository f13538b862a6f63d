package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.Elements;
import org.jspecify.annotations.Nullable;

/** Runs one program for batch after batch, compiling it anew only where a batch is laid out differently. One thread's. */
public final class ProgramRunner {
    private final BoundProgram bound;
    private final InstructionSet instructions;
    private final long[] rowStrides;
    private int rowCount;
    private @Nullable CompiledProgram compiled;

    public ProgramRunner(BoundProgram bound, InstructionSet instructions) {
        this.bound = bound;
        this.instructions = instructions;
        this.rowStrides = new long[bound.operands().size()];
    }

    /** Runs over {@code rowCount} rows of the operands, the inputs and then the outputs. */
    public void run(int rowCount, Elements[] operands) {
        boolean isLaidOutAlike = compiled != null && this.rowCount == rowCount;
        for (int operand = 0; operand < rowStrides.length; operand++) {
            isLaidOutAlike &= rowStrides[operand] == operands[operand].rowStride();
            rowStrides[operand] = operands[operand].rowStride();
        }
        CompiledProgram program = compiled;
        if (program == null || !isLaidOutAlike) {
            ProgramAxes axes = ProgramAxes.of(bound, rowCount, rowStrides.clone());
            program = ProgramCompiler.compile(bound.program(), axes, instructions);
            compiled = program;
            this.rowCount = rowCount;
        }
        program.run(operands);
    }

    @Override
    public String toString() {
        return "run of " + bound.program();
    }
}
