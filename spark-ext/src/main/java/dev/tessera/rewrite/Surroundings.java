package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Scope;

/** What a rule may ask about the values around the application it looks at. Used by one thread. */
public final class Surroundings {
    private final Readers readers;
    private final ValueScopes scopes;
    private final boolean hasBadRows;
    private boolean hasDependedOnReaders;

    private Surroundings(Graph graph) {
        this.readers = Readers.of(graph);
        this.scopes = ValueScopes.of(graph);
        this.hasBadRows = graph.toposort().stream().anyMatch(ValueScopes::makesRowsBad);
    }

    public static Surroundings of(Graph graph) {
        return new Surroundings(graph);
    }

    /** Whether one application or output reads {@code value}, once; false of what a rule has just made. */
    public boolean isReadOnce(Tensor value) {
        boolean isReadOnce = readers.isReadOnce(value);
        hasDependedOnReaders |= !isReadOnce;
        return isReadOnce;
    }

    /** Whether a rule was told since this was last asked that a value has other readers: once it has not, it may apply. */
    boolean hasDependedOnReaders() {
        boolean answer = hasDependedOnReaders;
        hasDependedOnReaders = false;
        return answer;
    }

    /** Whether the graph looks positions up that may be out of range: a rule that drops one of these changes which rows are bad. */
    public boolean hasBadRows() {
        return hasBadRows;
    }

    /** How long {@code value} holds. */
    public Scope scope(Tensor value) {
        return scopes.scope(value);
    }

    void add(Apply made) {
        scopes.add(made);
    }

    void inherit(Tensor replacement, Tensor old) {
        readers.inherit(replacement, old);
    }
}
