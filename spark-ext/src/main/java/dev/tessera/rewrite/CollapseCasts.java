package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * {@code cast(cast(x, float64), float32)} -> {@code x} of float32: a cast of a cast that loses nothing becomes one, and a cast
 * to the dtype that x has goes.
 */
final class CollapseCasts implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Cast outer)) {
            return null;
        }
        Tensor x = apply.inputs().get(0);
        if (x.dtype() == outer.dtype()) {
            return x;
        }
        Apply below = x.owner();
        return below != null
                        && below.op() instanceof Op.Cast inner
                        && isLossless(below.inputs().get(0).dtype(), inner.dtype())
                ? Apply.of(outer, below.inputs().get(0)).output()
                : null;
    }

    // NumPy calls int64 to float64 safe, though it rounds.
    private static boolean isLossless(DType from, DType to) {
        return to.canHold(from) && !(from == DType.INT64 && to.isFloating());
    }
}
