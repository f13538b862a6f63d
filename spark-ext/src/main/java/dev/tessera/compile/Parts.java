package dev.tessera.compile;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Op.Slice.Range;
import dev.tessera.plan.Operand;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Where the inputs of a concatenation or a padding lie in its output. */
final class Parts {
    private Parts() {}

    static boolean hasParts(Op op) {
        return op instanceof Op.Concat || op instanceof Op.Pad;
    }

    /** The part of {@code out}, what {@code apply} gives, that is its input {@code index}. */
    static Operand of(Operand out, Apply apply, int index) {
        Shape shape = apply.inputs().get(index).shape();
        List<Range> ranges = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            ranges.add(new Range(start(apply, index, axis), size(out, apply, shape, axis), 1));
        }
        return Views.slice(out, ranges);
    }

    private static Dim start(Apply apply, int index, int axis) {
        if (apply.op() instanceof Op.Pad pad) {
            return Dim.of(pad.before().get(axis));
        }
        Dim start = Dim.ZERO;
        if (apply.op() instanceof Op.Concat concat && axis == concat.axis()) {
            for (int i = 0; i < index; i++) {
                start = start.plus(apply.inputs().get(i).shape().dim(axis));
            }
        }
        return start;
    }

    /** The output's own name for a size, where it is a whole axis. */
    private static Dim size(Operand out, Apply apply, Shape shape, int axis) {
        boolean isWhole = apply.op() instanceof Op.Concat concat && axis != concat.axis();
        return isWhole ? out.dims().get(axis) : shape.dim(axis);
    }

    /** The margins of {@code out}, disjoint and without the inner part, for an inner part of {@code shape}. */
    static List<Operand> borders(Operand out, Op.Pad pad, Shape shape) {
        List<Operand> borders = new ArrayList<>();
        List<Range> ranges = new ArrayList<>();
        out.dims().forEach(dim -> ranges.add(new Range(Dim.ZERO, dim, 1)));
        for (int axis = 0; axis < shape.rank(); axis++) {
            Dim before = Dim.of(pad.before().get(axis));
            Dim size = shape.dim(axis);
            Dim after = Dim.of(pad.after().get(axis));
            for (Range margin : List.of(new Range(Dim.ZERO, before, 1), new Range(before.plus(size), after, 1))) {
                if (!margin.length().isKnown(0)) {
                    ranges.set(axis, margin);
                    borders.add(Views.slice(out, ranges));
                }
            }
            ranges.set(axis, new Range(before, size, 1));
        }
        return borders;
    }
}
