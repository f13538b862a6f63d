package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code add(matmul(a, b), c)} -> {@code gemm(a, b, c)}, also where axes of size 1 are dropped between the two, when
 * nothing else reads the product, the bias does not widen it, and both are computed equally often.
 */
final class MatMulAddToGemm implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!Patterns.isScalar(apply, ScalarOp.ADD)) {
            return null;
        }
        Tensor gemm = gemm(apply, 0, surroundings);
        return gemm != null ? gemm : gemm(apply, 1, surroundings);
    }

    private static @Nullable Tensor gemm(Apply add, int productIndex, Surroundings surroundings) {
        Tensor sum = add.output();
        Tensor addend = add.inputs().get(productIndex);
        Apply squeeze = Patterns.ownerIfSqueeze(addend);
        Tensor product = squeeze == null ? addend : squeeze.inputs().get(0);
        Apply matmul = product.owner();
        boolean fits = matmul != null
                && matmul.op() instanceof Op.MatMul
                && surroundings.isReadOnce(addend)
                && surroundings.isReadOnce(product)
                && surroundings.scope(product) == surroundings.scope(sum)
                && product.dtype().isFloating()
                && sum.shape().equals(addend.shape());
        if (!fits || matmul == null) {
            return null;
        }
        Tensor bias = add.inputs().get(1 - productIndex);
        Op.Gemm op = new Op.Gemm(true, null);
        if (squeeze == null) {
            return Apply.of(op, matmul.inputs().get(0), matmul.inputs().get(1), bias)
                    .output();
        }
        Tensor wide = unsqueezed(bias, (Op.DimShuffle) squeeze.op(), product.rank());
        Tensor gemm = Apply.of(op, matmul.inputs().get(0), matmul.inputs().get(1), wide)
                .output();
        return Apply.of(squeeze.op(), gemm).output();
    }

    /** The bias with axes of size 1 where the squeeze drops them, so that it lines up with the product. */
    private static Tensor unsqueezed(Tensor bias, Op.DimShuffle squeeze, int rank) {
        List<Integer> order = new ArrayList<>(Collections.nCopies(rank, Op.DimShuffle.NEW_AXIS));
        int missing = squeeze.order().size() - bias.rank();
        for (int axis = missing; axis < squeeze.order().size(); axis++) {
            order.set(squeeze.order().get(axis), axis - missing);
        }
        return Apply.of(new Op.DimShuffle(order), bias).output();
    }
}
