package dev.tessera.compile;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Operand;
import dev.tessera.rewrite.Readers;
import dev.tessera.rewrite.ValueScopes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which values are written where a concatenation or a padding wants them, or in the order of axes of an output of the
 * graph, so that nothing is copied: those that nothing else reads.
 */
final class Placements {
    /**
     * A value's place: what it becomes after {@code shuffles}, the last first, is the input {@code index} of a
     * concatenation or a padding that computes {@code whole}, or {@code whole} itself if that is {@link #ALL}.
     */
    private record Place(Tensor whole, int index, List<Apply> shuffles) {}

    private static final int ALL = -1;

    private record Part(Apply whole, int index) {}

    private final Map<Tensor, Place> places = new HashMap<>();
    private final Set<Part> inPlace = new HashSet<>();

    private Placements() {}

    static Placements of(Graph graph, ValueScopes scopes) {
        Placements placements = new Placements();
        Readers readers = Readers.of(graph);
        for (Apply apply : graph.toposort()) {
            int parts = apply.op() instanceof Op.Concat ? apply.inputs().size() : apply.op() instanceof Op.Pad ? 1 : 0;
            for (int i = 0; i < parts; i++) {
                Tensor whole = apply.output();
                if (placements.place(apply.inputs().get(i), whole, i, readers, scopes)) {
                    placements.inPlace.add(new Part(apply, i));
                }
            }
        }
        for (Graph.Output output : graph.outputs()) {
            if (isShuffle(output.value()) && readers.isReadOnce(output.value())) {
                placements.place(output.value(), output.value(), ALL, readers, scopes);
            }
        }
        return placements;
    }

    private boolean place(Tensor part, Tensor whole, int index, Readers readers, ValueScopes scopes) {
        Tensor value = part;
        List<Apply> shuffles = new ArrayList<>();
        while (isShuffle(value) && readers.isReadOnce(value)) {
            shuffles.add(owner(value));
            value = owner(value).inputs().get(0);
        }
        boolean canBePlaced = isWritten(value)
                && readers.isReadOnce(value)
                && scopes.scope(value) == scopes.scope(whole)
                && !places.containsKey(value);
        if (canBePlaced) {
            places.put(value, new Place(whole, index, shuffles));
        }
        return canBePlaced;
    }

    private static Apply owner(Tensor value) {
        Apply owner = value.owner();
        if (owner == null) {
            throw new IllegalStateException("Nothing computes " + value);
        }
        return owner;
    }

    /** Whether a value is another one with its axes in another order, or axes of size 1 added or dropped. */
    private static boolean isShuffle(Tensor value) {
        return value.owner() != null && value.owner().op() instanceof Op.DimShuffle;
    }

    /** Whether steps write a value, so that they can write it anywhere. */
    private static boolean isWritten(Tensor value) {
        Apply owner = value.owner();
        return owner != null
                && (owner.op() instanceof Op.Fused
                        || owner.op() instanceof Op.MatMul
                        || owner.op() instanceof Op.Gemm
                        || owner.op() instanceof Op.Syrk
                        || owner.op() instanceof Op.Take
                        || owner.op() instanceof Op.TopK
                        || owner.op() instanceof Op.CumulativeSum
                        || Parts.hasParts(owner.op()));
    }

    /**
     * Where {@code value} is to be written, or null for a buffer of its own; {@code where} tells where the result of a
     * concatenation or a padding is, and {@code own} gives an output of the graph a buffer.
     */
    @Nullable
    Operand place(Tensor value, Function<Tensor, Operand> where, Function<Tensor, Operand> own) {
        Place place = places.get(value);
        if (place == null) {
            return null;
        }
        Operand view = place.index() == ALL
                ? own.apply(place.whole())
                : Parts.of(where.apply(place.whole()), owner(place.whole()), place.index());
        for (Apply shuffle : place.shuffles()) {
            view = Views.dimShuffle(view, inverse(shuffle));
        }
        return view;
    }

    private static List<Integer> inverse(Apply shuffle) {
        List<Integer> forward = ((Op.DimShuffle) shuffle.op()).order();
        List<Integer> order = new ArrayList<>();
        for (int axis = 0; axis < shuffle.inputs().get(0).rank(); axis++) {
            int from = forward.indexOf(axis);
            order.add(from < 0 ? Op.DimShuffle.NEW_AXIS : from);
        }
        return order;
    }

    boolean isInPlace(Apply whole, int index) {
        return inPlace.contains(new Part(whole, index));
    }
}
