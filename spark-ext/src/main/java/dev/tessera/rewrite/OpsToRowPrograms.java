package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgram.Instruction;
import dev.tessera.plan.RowProgram.Load;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An element-wise op or a cast -> a row program of its own. */
final class OpsToRowPrograms implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        List<Instruction> instructions = new ArrayList<>();
        List<RowProgram.Input> inputs = new ArrayList<>();
        List<Integer> arguments = new ArrayList<>();
        Shape shape = apply.output().shape();
        for (Tensor input : apply.inputs()) {
            boolean isVector = input.rank() > 0
                    && !(input.shape().dim(input.rank() - 1).isKnown(1)
                            && !shape.dim(shape.rank() - 1).isKnown(1));
            arguments.add(inputs.size());
            instructions.add(new Load(inputs.size()));
            inputs.add(new RowProgram.Input(input.dtype(), isVector));
        }
        if (apply.op() instanceof Op.Elementwise op) {
            instructions.add(new RowProgram.Map(op.scalar(), arguments));
        } else if (apply.op() instanceof Op.Cast op) {
            instructions.add(new RowProgram.Convert(op.dtype(), 0));
        } else {
            return null;
        }
        RowProgram program = new RowProgram(inputs, instructions, List.of(instructions.size() - 1));
        return Apply.of(new Op.Fused(program), apply.inputs()).output();
    }
}
