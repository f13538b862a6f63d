package dev.tessera.rewrite;

import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code x + exp([1, 2])} -> {@code x + [2.718…, 7.389…]}: what is computed of constants alone is computed now, rounded as
 * the ops' dtypes are, as long as that is little work and few bytes. The rest is computed once by each task.
 */
final class FoldConstants implements GraphRewrite {
    /** Scalar operations for all of a graph, so that the driver does not hang. */
    private static final long MAX_WORK = 1 << 21;

    private static final long MAX_BYTES = 1 << 20;

    @Override
    public Graph rewrite(Graph graph) {
        return new Folding().folded(graph);
    }

    private static final class Folding {
        private final Map<Tensor, Constant> constants = new HashMap<>();
        private final Substitution substitution = new Substitution();
        private long workLeft = MAX_WORK;
        private long bytesLeft = MAX_BYTES;

        Graph folded(Graph graph) {
            for (Apply apply : graph.toposort()) {
                List<Constant> arguments = constants(apply);
                if (arguments != null && isAffordable(apply)) {
                    fold(apply, arguments);
                }
            }
            return substitution.isEmpty() ? graph : substitution.applyTo(graph);
        }

        private @Nullable List<Constant> constants(Apply apply) {
            List<Constant> arguments = new ArrayList<>();
            for (Tensor input : apply.inputs()) {
                Constant constant = input instanceof Constant given ? given : constants.get(input);
                if (constant == null) {
                    return null;
                }
                arguments.add(constant);
            }
            return arguments;
        }

        private boolean isAffordable(Apply apply) {
            for (Tensor output : apply.outputs()) {
                if (!output.shape().isKnown()) {
                    return false;
                }
            }
            long work = work(apply);
            long bytes = 0;
            for (Tensor output : apply.outputs()) {
                bytes = saturatedSum(
                        bytes, product(output.shape(), output.dtype().widthInBytes()));
            }
            if (work > workLeft || bytes > bytesLeft) {
                return false;
            }
            workLeft -= work;
            bytesLeft -= bytes;
            return true;
        }

        private void fold(Apply apply, List<Constant> arguments) {
            List<HostTensor> values;
            try {
                values = ReferenceEvaluator.faithful().evaluate(Apply.of(apply.op(), List.copyOf(arguments)));
            } catch (IndexOutOfBoundsException e) {
                // A take out of range, which makes every row bad when it is run.
                return;
            }
            for (int i = 0; i < values.size(); i++) {
                Constant constant = Tensors.constant(values.get(i));
                constants.put(apply.outputs().get(i), constant);
                substitution.replace(apply.outputs().get(i), constant);
            }
        }
    }

    /** The scalar operations that the evaluator takes, about. */
    private static long work(Apply apply) {
        Shape first =
                apply.inputs().isEmpty() ? Shape.SCALAR : apply.inputs().get(0).shape();
        long perElement = 1;
        if (apply.op() instanceof Op.MatMul) {
            perElement = known(first.dim(first.rank() - 1));
        } else if (apply.op() instanceof Op.CumulativeSum op) {
            perElement = known(first.dim(op.axis()));
        } else if (apply.op() instanceof Op.TopK || apply.op() instanceof Op.Softmax) {
            perElement = 16;
        }
        long work = 1;
        for (Tensor output : apply.outputs()) {
            work = saturatedSum(work, product(output.shape(), perElement));
        }
        for (Tensor input : apply.inputs()) {
            work = saturatedSum(work, product(input.shape(), 1));
        }
        return work;
    }

    private static long product(Shape shape, long factor) {
        double product = factor;
        for (Dim dim : shape.dims()) {
            product *= known(dim);
        }
        return product < Long.MAX_VALUE ? (long) product : Long.MAX_VALUE;
    }

    private static long saturatedSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static long known(Dim dim) {
        return dim.isKnown() ? dim.size() : 0;
    }
}
