package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.StridedView;
import dev.tessera.cpu.program.BoundProgram;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows a product in place, {@code activation(product + bias)}, as a row program. */
final class ProductEpilogue {
    private ProductEpilogue() {}

    static BoundProgram of(StridedView out, @Nullable StridedView bias, @Nullable ScalarOp activation, DType dtype) {
        List<RowProgram.Input> inputs = new ArrayList<>();
        List<RowProgram.Instruction> instructions = new ArrayList<>();
        List<StridedView> operands = new ArrayList<>();
        inputs.add(new RowProgram.Input(dtype, true));
        instructions.add(new RowProgram.Load(0));
        operands.add(out);
        if (bias != null) {
            inputs.add(new RowProgram.Input(dtype, true));
            operands.add(bias);
            instructions.add(new RowProgram.Load(1));
            instructions.add(new RowProgram.Map(ScalarOp.ADD, List.of(0, 1)));
        }
        if (activation != null) {
            instructions.add(new RowProgram.Map(activation, List.of(instructions.size() - 1)));
        }
        operands.add(out);
        RowProgram program = new RowProgram(inputs, instructions, List.of(instructions.size() - 1));
        int last = out.rank() - 1;
        List<Long> outer = new ArrayList<>();
        for (int axis = 0; axis < last; axis++) {
            outer.add(out.dim(axis));
        }
        return new BoundProgram(program, outer, out.dim(last), operands);
    }
}
