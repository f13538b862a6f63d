package dev.tessera.expr;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/** NumPy's broadcasting of shapes aligned at their last axes: a static 1 stretches; an unknown dim never does. */
final class Broadcasting {
    private Broadcasting() {}

    /** The shape that both fill; {@code unify} says which dim two that neither stretch stand for. */
    static Shape broadcast(Shape left, Shape right, BinaryOperator<Dim> unify) {
        int rank = Math.max(left.rank(), right.rank());
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            int l = left.rank() - rank + i;
            int r = right.rank() - rank + i;
            if (l < 0 || (r >= 0 && left.dim(l).isKnown(1))) {
                dims.add(right.dim(r));
            } else if (r < 0 || right.dim(r).isKnown(1)) {
                dims.add(left.dim(l));
            } else {
                dims.add(unify.apply(left.dim(l), right.dim(r)));
            }
        }
        return new Shape(dims);
    }

    /** Refuses arguments whose known sizes conflict, while their own dtypes and shapes can still be named. */
    static void check(Op op, List<Tensor> arguments) {
        Shape shape = arguments.get(0).shape();
        for (Tensor argument : arguments.subList(1, arguments.size())) {
            shape = broadcast(shape, argument.shape(), (left, right) -> {
                if (left.isKnown() && right.isKnown() && !left.equals(right)) {
                    throw TypeErrors.of(op, arguments, conflict(left, right));
                }
                return left.isKnown() ? left : right;
            });
        }
    }

    static String conflict(Dim left, Dim right) {
        return "sizes %s and %s differ and neither is 1; reshape or slice one of them".formatted(left, right);
    }
}
