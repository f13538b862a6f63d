package dev.tessera.rewrite;

import dev.tessera.expr.Graph;

/** A rule about a whole graph. */
public non-sealed interface GraphRewrite extends Rewrite {
    /** An equal graph; {@code graph} itself if the rule does not apply. */
    Graph rewrite(Graph graph);
}
