package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgram.Load;
import dev.tessera.plan.RowProgram.Map;
import dev.tessera.plan.RowProgram.Reduce;
import dev.tessera.plan.ScalarOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code softmax(x)} over the last axis -> one row program. */
final class SoftmaxToRowProgram implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        Tensor x = apply.inputs().get(0);
        if (!(apply.op() instanceof Op.Softmax op) || op.log() || op.axis() != x.rank() - 1) {
            return null;
        }
        RowProgram program = new RowProgram(
                List.of(new RowProgram.Input(x.dtype(), true)),
                List.of(
                        new Load(0),
                        new Reduce(ReduceOp.MAX, 0),
                        new Map(ScalarOp.SUBTRACT, List.of(0, 1)),
                        new Map(ScalarOp.EXP, List.of(2)),
                        new Reduce(ReduceOp.SUM, 3),
                        new Map(ScalarOp.DIVIDE, List.of(3, 4))),
                List.of(5));
        return Apply.of(new Op.Fused(program), x).output();
    }
}
