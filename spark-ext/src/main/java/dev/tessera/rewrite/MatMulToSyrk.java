package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code matmul(x, transpose(x))} -> {@code syrk(x)}, which computes one triangle; float32 and float64.
 */
final class MatMulToSyrk implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.MatMul) || !apply.output().dtype().isFloating()) {
            return null;
        }
        Tensor left = apply.inputs().get(0);
        Tensor right = apply.inputs().get(1);
        boolean isSelf = isTransposed(right, left) || isTransposed(left, right);
        return isSelf ? Patterns.ifSameType(apply, Apply.of(new Op.Syrk(), left).output()) : null;
    }

    /** Whether {@code value} is {@code x} with its last two axes exchanged. */
    private static boolean isTransposed(Tensor value, Tensor x) {
        Apply owner = value.owner();
        if (owner == null
                || !(owner.op() instanceof Op.DimShuffle shuffle)
                || owner.inputs().get(0) != x) {
            return false;
        }
        List<Integer> expected =
                new ArrayList<>(IntStream.range(0, x.rank() - 2).boxed().toList());
        expected.add(x.rank() - 1);
        expected.add(x.rank() - 2);
        return shuffle.order().equals(expected);
    }
}
