package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code reshape(reshape(x, s), t)} -> {@code reshape(x, t)}, and a reshape to the shape that x has goes.
 */
final class CollapseReshapes implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Reshape)) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        if (x.type().equals(apply.output().type())) {
            return x;
        }
        Apply below = x.owner();
        return below != null && below.op() instanceof Op.Reshape
                ? Apply.of(apply.op(), below.inputs().get(0)).output()
                : null;
    }
}
