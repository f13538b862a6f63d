package dev.tessera.rewrite;

/** A rule that turns a graph into an equal one. Stateless. */
public sealed interface Rewrite permits LocalRewrite, GraphRewrite {
    /** What the rule is switched off by. */
    default String name() {
        return getClass().getSimpleName();
    }
}
