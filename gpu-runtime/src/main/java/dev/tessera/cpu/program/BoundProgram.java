package dev.tessera.cpu.program;

import dev.tessera.cpu.memory.StridedView;
import dev.tessera.plan.RowProgram;
import java.util.List;

/** A row program on views of known sizes: the inputs and then the outputs, each [outer..., length] or [outer...]. */
public record BoundProgram(RowProgram program, List<Long> outer, long length, List<StridedView> operands) {
    public BoundProgram {
        outer = List.copyOf(outer);
        operands = List.copyOf(operands);
    }

    int inputCount() {
        return program.inputs().size();
    }

    boolean isVector(int operand) {
        return operands.get(operand).rank() > outer.size();
    }
}
