package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Checks that a graph is one that can be lowered: every value is computed from the graph's own inputs, every type is what
 * its op gives, and every size is made of unknowns that an input brings. A graph that fails is a bug of the rewriter.
 */
public final class GraphVerifier {
    private final Set<Tensor> known = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final Set<Apply> verified;

    private GraphVerifier(Graph graph, Set<Apply> verified) {
        this.verified = verified;
        known.addAll(graph.variables());
        known.addAll(graph.parameters());
        for (Tensor input : known) {
            input.shape().dims().forEach(dim -> names.addAll(dim.names()));
        }
    }

    /**
     * Checks a graph.
     *
     * @param after what was done last, for messages
     * @throws IllegalStateException if the graph is broken
     */
    public static void verify(Graph graph, String after) {
        verify(graph, after, new HashSet<>());
    }

    /**
     * Checks a graph that has the inputs of graphs which were checked before.
     *
     * @param verified the applications of those, which are immutable, so that only what they are computed of is looked at
     *     again; those of this one are added
     */
    static void verify(Graph graph, String after, Set<Apply> verified) {
        GraphVerifier verifier = new GraphVerifier(graph, verified);
        try {
            graph.toposort().forEach(verifier::check);
            graph.outputs().forEach(output -> verifier.requireKnown(output.value()));
        } catch (IllegalStateException e) {
            throw new IllegalStateException("The graph is broken after %s: %s".formatted(after, e.getMessage()), e);
        }
    }

    private void check(Apply apply) {
        apply.inputs().forEach(this::requireKnown);
        known.addAll(apply.outputs());
        if (verified.add(apply)) {
            checkTypes(apply);
        }
    }

    private void checkTypes(Apply apply) {
        Apply again = Apply.of(apply.op(), apply.inputs());
        for (int i = 0; i < apply.outputs().size(); i++) {
            Result output = apply.outputs().get(i);
            Result inferred = again.outputs().get(i);
            int index = i;
            require(
                    output.owner() == apply && output.index() == i,
                    () -> "output %d of %s belongs to %s".formatted(index, apply, output.owner()));
            require(
                    output.type().equals(inferred.type()),
                    () -> "%s gives %s, not %s".formatted(apply, inferred.type(), output.type()));
            require(output.dtype().isComputable(), () -> "%s gives %s".formatted(apply, output.dtype()));
            require(output.rank() <= Shape.MAX_RANK, () -> "%s gives rank %d".formatted(apply, output.rank()));
            output.shape().dims().forEach(dim -> requireSize(apply, dim));
        }
        if (apply.op() instanceof Op.Slice slice) {
            slice.ranges().forEach(range -> requireNames(apply, range.start()));
        }
    }

    private void requireSize(Apply apply, Dim dim) {
        require(!dim.isKnown() || dim.size() >= 0, () -> "%s gives the size %s".formatted(apply, dim));
        requireNames(apply, dim);
    }

    private void requireNames(Apply apply, Dim dim) {
        require(
                dim.isKnown() || names.containsAll(dim.names()),
                () -> "no input brings the size %s of %s".formatted(dim, apply));
    }

    private void requireKnown(Tensor value) {
        boolean isInput = value instanceof Variable || value instanceof Parameter;
        require(
                value instanceof Constant || known.contains(value),
                () -> isInput ? value + " is no input of the graph" : "nothing computes " + value);
    }

    private static void require(boolean holds, Supplier<String> why) {
        if (!holds) {
            throw new IllegalStateException(why.get());
        }
    }
}
