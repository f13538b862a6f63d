package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Scope;
import dev.tessera.tensor.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code (a @ b) @ c} -> {@code a @ (b @ c)}, for chains of any length, where that takes fewer multiplications: of
 * floating matrices of known sizes, when nothing else reads the products between. A product that is the same for all rows
 * counts for little, as it is computed once.
 */
final class ReorderMatMulChain implements LocalRewrite {
    /** The search takes time in the cube of this. */
    private static final int MAX_FACTORS = 40;

    /** In how many rows a product that is computed once is spread. */
    private static final double ROWS = 256;

    /** What must be gained for the rounding to change. */
    private static final double WORTHWHILE = 0.9;

    @Override
    public @Nullable Tensor rewrite(Apply apply, Surroundings surroundings) {
        if (!isPlainProduct(apply)) {
            return null;
        }
        double[] cost = new double[1];
        List<Tensor> factors = factors(apply, surroundings, cost);
        if (factors.size() < 3 || factors.size() > MAX_FACTORS) {
            return null;
        }
        Order order = new Order(factors, surroundings);
        return order.cost() < WORTHWHILE * cost[0] ? Patterns.ifSameType(apply, order.product()) : null;
    }

    private static boolean isPlainProduct(@Nullable Apply apply) {
        return apply != null
                && apply.op() instanceof Op.MatMul
                && apply.output().dtype().isFloating()
                && apply.inputs().stream()
                        .allMatch(x -> x.rank() == 2 && x.shape().isKnown());
    }

    /** The factors of a chain from left to right, and what it costs as it is. */
    private static List<Tensor> factors(Apply root, Surroundings surroundings, double[] cost) {
        List<Tensor> factors = new ArrayList<>();
        Deque<Tensor> stack = new ArrayDeque<>();
        stack.push(root.output());
        while (!stack.isEmpty() && factors.size() + stack.size() <= MAX_FACTORS + 1) {
            Tensor value = stack.pop();
            Apply owner = value.owner();
            boolean isInner = value == root.output() || surroundings.isReadOnce(value);
            if (owner != null && isInner && isPlainProduct(owner)) {
                Shape left = owner.inputs().get(0).shape();
                cost[0] += multiplications(left, owner.inputs().get(1).shape())
                        / (surroundings.scope(value).isRowInvariant() ? ROWS : 1);
                stack.push(owner.inputs().get(1));
                stack.push(owner.inputs().get(0));
            } else {
                factors.add(value);
            }
        }
        stack.forEach(factors::add);
        return factors;
    }

    private static double multiplications(Shape left, Shape right) {
        return (double) left.dim(0).size() * left.dim(1).size() * right.dim(1).size();
    }

    /** The cheapest order, by the usual dynamic program over the chain's parts. */
    private static final class Order {
        private final List<Tensor> factors;
        private final double[][] costs;
        private final int[][] splits;

        Order(List<Tensor> factors, Surroundings surroundings) {
            int count = factors.size();
            this.factors = factors;
            this.costs = new double[count][count];
            this.splits = new int[count][count];
            for (int length = 2; length <= count; length++) {
                for (int start = 0; start + length <= count; start++) {
                    split(start, start + length - 1, surroundings);
                }
            }
        }

        private void split(int start, int end, Surroundings surroundings) {
            boolean isInvariant = true;
            for (int i = start; i <= end; i++) {
                Scope scope = surroundings.scope(factors.get(i));
                isInvariant &= scope.isRowInvariant();
            }
            costs[start][end] = Double.POSITIVE_INFINITY;
            for (int split = start; split < end; split++) {
                double product = (double) rows(start) * rows(split + 1) * columns(end);
                double cost = costs[start][split] + costs[split + 1][end] + product / (isInvariant ? ROWS : 1);
                if (cost < costs[start][end]) {
                    costs[start][end] = cost;
                    splits[start][end] = split;
                }
            }
        }

        private long rows(int factor) {
            return factors.get(factor).shape().dim(0).size();
        }

        private long columns(int factor) {
            return factors.get(factor).shape().dim(1).size();
        }

        double cost() {
            return costs[0][factors.size() - 1];
        }

        Tensor product() {
            return product(0, factors.size() - 1);
        }

        // As deep as the chain is long, which is bounded.
        private Tensor product(int start, int end) {
            if (start == end) {
                return factors.get(start);
            }
            int split = splits[start][end];
            return Apply.of(new Op.MatMul(), product(start, split), product(split + 1, end))
                    .output();
        }
    }
}
