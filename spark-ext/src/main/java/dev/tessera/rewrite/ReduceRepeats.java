package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code max(broadcast_to(x, (3, n)), axis=0)} -> {@code x}: along an axis on which a value is repeated a static number of times,
 * at least once, a largest or smallest element, a mean, an any or an all is the value, the position of an extreme is 0, and a sum
 * is the value times the number of repeats.
 *
 * <p>The sum of n times x is rounded n times and n * x once, so that it is within the bound of the sum. It overflows where the
 * sum does; NaN, infinities and, of integers, what wraps, are the same, but the sign of a zero is not, as a sum of -0 starts at 0:
 * 0 is added. A product of repeats would be a power, whose bound is another, and an axis that may have no elements may have no largest.
 */
final class ReduceRepeats implements LocalRewrite {
    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!(apply.op() instanceof Op.Reduce op) || op.combine() == ReduceOp.PROD) {
            return null;
        }
        Apply below = apply.inputs().get(0).owner();
        if (below == null || !(below.op() instanceof Op.BroadcastTo broadcast)) {
            return null;
        }
        Tensor x = below.inputs().get(0);
        List<Integer> repeated = repeated(x.shape(), broadcast.shape(), op.axes());
        if (repeated.isEmpty()) {
            return null;
        }
        if (op.combine() == ReduceOp.ARGMAX || op.combine() == ReduceOp.ARGMIN) {
            return surroundings.hasBadRows()
                    ? null
                    : Tensors.broadcastTo(Tensors.constant(0L), apply.output().shape());
        }
        double count = 1;
        List<Dim> dims = new ArrayList<>(broadcast.shape().dims());
        for (int axis : repeated) {
            count *= broadcast.shape().dim(axis).size();
            dims.set(axis, Dim.ONE);
        }
        Tensor once = Tensors.broadcastTo(x, new Shape(dims));
        Tensor reduced = Apply.of(new Op.Reduce(op.combine(), op.axes(), op.keepDims()), once)
                .output();
        return Patterns.ifSameType(apply, op.combine() == ReduceOp.SUM ? times(reduced, count) : reduced);
    }

    /** The axes among some that a broadcast adds or stretches, to a known size that is not 0. */
    private static List<Integer> repeated(Shape from, Shape to, List<Integer> axes) {
        int added = to.rank() - from.rank();
        List<Integer> repeated = new ArrayList<>();
        for (int axis : axes) {
            boolean isStretched = axis < added || from.dim(axis - added).isKnown(1);
            if (isStretched && to.dim(axis).isKnown() && to.dim(axis).size() > 1) {
                repeated.add(axis);
            }
        }
        return repeated;
    }

    private static Tensor times(Tensor x, double count) {
        Tensor product = Patterns.map(ScalarOp.MULTIPLY, x, scalar(x.dtype(), count));
        return x.dtype().isFloating() ? Patterns.map(ScalarOp.ADD, product, scalar(x.dtype(), 0)) : product;
    }

    private static Constant scalar(DType dtype, double value) {
        HostTensor scalar = HostTensor.zeros(dtype);
        if (dtype.isFloating()) {
            scalar.setDouble(0, value);
        } else {
            scalar.setLong(0, (long) value);
        }
        return Tensors.constant(scalar);
    }
}
