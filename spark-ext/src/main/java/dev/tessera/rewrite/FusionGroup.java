package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Scope;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applications that become one row program. Used by one thread. */
final class FusionGroup {
    /** Bounds the registers that a backend needs for a program. */
    private static final int MAX_MEMBERS = 64;

    private static final int MAX_INPUTS = 24;

    private final Scope scope;
    private final List<Dim> outer;
    private final int rank;
    private final int depth;
    private final List<Apply> members = new ArrayList<>();
    private final Set<Tensor> inputs = new LinkedHashSet<>();
    private Dim length;
    private boolean hasReduction;

    FusionGroup(Apply first, Shape whole, Scope scope, int depth) {
        this.scope = scope;
        this.outer = outer(whole);
        this.rank = whole.rank();
        this.depth = depth;
        this.length = ProgramAssembly.lastDim(whole);
        add(first, whole);
    }

    private static List<Dim> outer(Shape whole) {
        return whole.rank() == 0 ? List.of() : whole.dims().subList(0, whole.rank() - 1);
    }

    /** The most groups on a path to this one; of two groups of one depth, neither needs the other. */
    int depth() {
        return depth;
    }

    List<Apply> members() {
        return members;
    }

    /** Whether an application can be a member too, its arguments permitting. */
    boolean fits(Apply apply, Shape whole, Scope applyScope) {
        return applyScope == scope
                && whole.rank() == rank
                && outer(whole).equals(outer)
                && members.size() < MAX_MEMBERS
                && inputs.size() + apply.inputs().size() <= MAX_INPUTS
                && fitsLength(ProgramAssembly.lastDim(whole), apply.op() instanceof Op.Reduce);
    }

    /** Whether the members of both make one group. */
    boolean fits(FusionGroup other) {
        return other.scope == scope
                && other.rank == rank
                && other.outer.equals(outer)
                && members.size() + other.members.size() <= MAX_MEMBERS
                && inputs.size() + other.inputs.size() <= MAX_INPUTS
                && fitsLength(other.length, other.hasReduction);
    }

    // A reduction of one element is no reduction of a program over a longer axis.
    private boolean fitsLength(Dim otherLength, boolean otherReduces) {
        return otherLength.equals(length)
                || (otherLength.isKnown(1) && !otherReduces)
                || (length.isKnown(1) && !hasReduction);
    }

    void add(Apply apply, Shape whole) {
        members.add(apply);
        for (Tensor input : apply.inputs()) {
            if (!ProgramAssembly.isImmediate(input) && !isMember(input.owner())) {
                inputs.add(input);
            }
        }
        widen(ProgramAssembly.lastDim(whole));
        hasReduction |= apply.op() instanceof Op.Reduce;
    }

    private boolean isMember(@Nullable Apply apply) {
        return apply != null && members.contains(apply);
    }

    void addAll(FusionGroup other) {
        members.addAll(other.members);
        inputs.addAll(other.inputs);
        inputs.removeIf(input -> isMember(input.owner()));
        widen(other.length);
        hasReduction |= other.hasReduction;
    }

    private void widen(Dim other) {
        if (length.isKnown(1)) {
            length = other;
        }
    }
}
