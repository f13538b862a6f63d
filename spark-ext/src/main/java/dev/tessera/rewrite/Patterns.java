package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ScalarOp;
import org.jspecify.annotations.Nullable;

/** What several rules look for. */
final class Patterns {
    private Patterns() {}

    static boolean isScalar(@Nullable Apply apply, ScalarOp scalar) {
        return apply != null && apply.op() instanceof Op.Elementwise op && op.scalar() == scalar;
    }

    /** The application that only drops axes of size 1 from a value, or null if another op computes it. */
    static @Nullable Apply ownerIfSqueeze(Tensor value) {
        Apply owner = value.owner();
        if (owner == null || !(owner.op() instanceof Op.DimShuffle shuffle)) {
            return null;
        }
        int last = -1;
        for (int axis : shuffle.order()) {
            if (axis <= last) {
                return null;
            }
            last = axis;
        }
        return owner;
    }
}
