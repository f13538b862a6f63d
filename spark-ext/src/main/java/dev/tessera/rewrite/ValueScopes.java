package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Scope;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How long each value of a graph holds: a constant's, a parameter's, or one row's. What is computed from several values
 * holds as long as the shortest-lived of them, and no longer than the unknown sizes that it has or is cut out by. Used by
 * one thread.
 */
public final class ValueScopes {
    private final Map<Apply, Scope> scopes = new HashMap<>();
    private final Set<String> namesOfParameters = new HashSet<>();

    private ValueScopes() {}

    /** The scopes of all values that the outputs of {@code graph} need. */
    public static ValueScopes of(Graph graph) {
        ValueScopes result = new ValueScopes();
        for (Parameter parameter : graph.parameters()) {
            for (Dim dim : parameter.shape().dims()) {
                // Only a whole axis brings a size: of p[2 * n], n is a row's.
                if (!dim.isKnown() && dim.names().contains(dim.toString())) {
                    result.namesOfParameters.add(dim.toString());
                }
            }
        }
        graph.toposort().forEach(result::add);
        return result;
    }

    /** Takes in an application of which the inputs are known. */
    void add(Apply apply) {
        // A position that is out of range makes rows bad, so that it must be looked up for each of them.
        Scope scope = makesRowsBad(apply) ? Scope.ROW : Scope.CONSTANT;
        for (Tensor input : apply.inputs()) {
            scope = later(scope, scope(input));
        }
        for (Tensor output : apply.outputs()) {
            for (Dim dim : output.shape().dims()) {
                scope = later(scope, scope(dim));
            }
        }
        if (apply.op() instanceof Op.Slice slice) {
            for (Op.Slice.Range range : slice.ranges()) {
                scope = later(scope, scope(range.start()));
            }
        }
        scopes.put(apply, scope);
    }

    /** Whether an application looks positions up that are not surely within bounds. */
    static boolean makesRowsBad(Apply apply) {
        return apply.op() instanceof Op.Take op && !isWithinBounds(apply, op);
    }

    private static boolean isWithinBounds(Apply apply, Op.Take op) {
        Dim size = apply.inputs().get(0).shape().dim(op.axis());
        if (!(apply.inputs().get(1) instanceof Constant constant) || !size.isKnown()) {
            return false;
        }
        HostTensor positions = constant.value();
        for (long i = 0; i < positions.elementCount(); i++) {
            long position = positions.longAt(i);
            if (position < -size.size() || position >= size.size()) {
                return false;
            }
        }
        return true;
    }

    private Scope scope(Dim dim) {
        if (dim.isKnown()) {
            return Scope.CONSTANT;
        }
        return namesOfParameters.containsAll(dim.names()) ? Scope.PARAMETER : Scope.ROW;
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
