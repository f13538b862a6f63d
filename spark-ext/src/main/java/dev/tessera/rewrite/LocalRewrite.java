package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import org.jspecify.annotations.Nullable;

/** A rule about one application with one output, tried on every such application until it applies nowhere. */
public non-sealed interface LocalRewrite extends Rewrite {
    /**
     * A value that equals the output of {@code apply} and has its type, built of what that is computed from; null if the
     * rule does not apply.
     */
    @Nullable
    Tensor rewrite(Apply apply, Surroundings surroundings);
}
