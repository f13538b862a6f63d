package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code relu(gemm(a, b, c))} -> {@code gemm(a, b, c, relu)}, for a function of one argument that keeps the dtype, when
 * nothing else reads the gemm; also on a matmul without a bias, and where axes of size 1 are dropped between the two.
 */
final class GemmActivation implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Elementwise activation)
                || activation.scalar().arity() != 1
                || apply.output().dtype() != apply.inputs().get(0).dtype()) {
            return null;
        }
        Tensor argument = apply.inputs().get(0);
        Apply squeeze = Patterns.ownerIfSqueeze(argument);
        Tensor product = squeeze == null ? argument : squeeze.inputs().get(0);
        Apply gemm = product.owner();
        if (gemm == null || !surroundings.isReadOnce(argument) || !surroundings.isReadOnce(product)) {
            return null;
        }
        boolean isPlain = gemm.op() instanceof Op.MatMul && product.dtype().isFloating();
        boolean isOpen = gemm.op() instanceof Op.Gemm op && op.activation() == null;
        if (!isPlain && !isOpen) {
            return null;
        }
        Op.Gemm op = new Op.Gemm(gemm.inputs().size() == 3, activation.scalar());
        Tensor activated = Apply.of(op, gemm.inputs()).output();
        return squeeze == null ? activated : Apply.of(squeeze.op(), activated).output();
    }
}
