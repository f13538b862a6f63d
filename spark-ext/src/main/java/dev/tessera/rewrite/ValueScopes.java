package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Scope;
import java.util.HashMap;
import java.util.Map;

/**
 * How long each value of a graph holds: a constant's, a parameter's, or one row's. What is computed from several values
 * holds as long as the shortest-lived of them. Immutable.
 */
public final class ValueScopes {
    private final Map<Apply, Scope> scopes = new HashMap<>();

    private ValueScopes() {}

    /** The scopes of all values that the outputs of {@code graph} need. */
    public static ValueScopes of(Graph graph) {
        ValueScopes result = new ValueScopes();
        for (Apply apply : graph.toposort()) {
            Scope scope = Scope.CONSTANT;
            for (Tensor input : apply.inputs()) {
                scope = later(scope, result.scope(input));
            }
            result.scopes.put(apply, scope);
        }
        return result;
    }

    /**
     * The scope of a value of the graph.
     *
     * @throws IllegalStateException if the graph does not compute it
     */
    public Scope scope(Tensor value) {
        if (value instanceof Result result) {
            return scope(result.owner());
        }
        return value instanceof Constant ? Scope.CONSTANT : value instanceof Parameter ? Scope.PARAMETER : Scope.ROW;
    }

    /** The scope of all outputs of an application. */
    public Scope scope(Apply apply) {
        Scope scope = scopes.get(apply);
        if (scope == null) {
            throw new IllegalStateException("No output of the graph needs " + apply);
        }
        return scope;
    }

    private static Scope later(Scope left, Scope right) {
        return left.compareTo(right) >= 0 ? left : right;
    }
}
