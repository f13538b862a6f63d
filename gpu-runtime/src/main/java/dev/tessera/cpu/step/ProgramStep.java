package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.program.BoundProgram;
import dev.tessera.cpu.program.ProgramRunner;

/** A row program. */
final class ProgramStep implements CpuStep {
    private final BoundProgram bound;
    private final ProgramRunner runner;
    private final Elements[] operands;

    ProgramStep(BoundProgram bound, ProgramRunner runner) {
        this.bound = bound;
        this.runner = runner;
        this.operands = new Elements[bound.operands().size()];
    }

    @Override
    public void run(Frame frame) {
        run(frame, 0, frame.rowCount());
    }

    /** Runs for some of the rows. */
    void run(Frame frame, int firstRow, int rowCount) {
        if (rowCount == 0) {
            return;
        }
        for (int i = 0; i < operands.length; i++) {
            operands[i] = frame.slot(bound.operands().get(i).slot());
        }
        runner.run(firstRow, rowCount, operands);
    }
}
