package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@code pad(x, ((0, 0), (0, 0)))} -> {@code x}.
 */
final class DropEmptyPads implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        boolean isEmpty = apply.op() instanceof Op.Pad pad
                && pad.before().stream().allMatch(width -> width == 0)
                && pad.after().stream().allMatch(width -> width == 0);
        return isEmpty ? Patterns.ifSameType(apply, apply.inputs().get(0)) : null;
    }
}
