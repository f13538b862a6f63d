package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code exp(x) + exp(x)} -> {@code e + e} with {@code e = exp(x)}: applications of one op to the same values become one,
 * whatever the order of the arguments of a commutative function.
 */
final class MergeCommonSubexpressions implements GraphRewrite {
    private record Key(Op op, List<Integer> arguments) {}

    private record Scalar(DType dtype, long bits) {
        @Override
        public int hashCode() {
            // The bits of small whole numbers differ in few of the upper places only.
            return Long.hashCode(bits * 0x9E3779B97F4A7C15L);
        }
    }

    @Override
    public Graph rewrite(Graph graph) {
        return new Merging().merged(graph);
    }

    private static final class Merging {
        private final Map<Key, List<Apply>> distinct = new HashMap<>();
        private final Map<Tensor, Integer> ids = new HashMap<>();
        private final Map<Scalar, Integer> scalarIds = new HashMap<>();
        private int nextId;

        Graph merged(Graph graph) {
            Substitution substitution = new Substitution();
            for (Apply apply : graph.toposort()) {
                Apply same = same(apply);
                for (int i = 0; i < apply.outputs().size(); i++) {
                    Result output = apply.outputs().get(i);
                    if (same == null) {
                        ids.put(output, nextId++);
                    } else {
                        ids.put(output, id(same.outputs().get(i)));
                        substitution.replace(output, same.outputs().get(i));
                    }
                }
            }
            return substitution.isEmpty() ? graph : substitution.applyTo(graph);
        }

        /** An application before this one that gives the same, or null if this is the first. */
        private @Nullable Apply same(Apply apply) {
            Key key = key(apply);
            List<Apply> alike = distinct.get(key);
            if (alike == null) {
                distinct.put(key, List.of(apply));
                return null;
            }
            for (Apply other : alike) {
                if (hasTypesOf(other, apply)) {
                    return other;
                }
            }
            List<Apply> more = new ArrayList<>(alike);
            more.add(apply);
            distinct.put(key, more);
            return null;
        }

        /** Not so of equal ops on the same values where equal sizes have two names. */
        private static boolean hasTypesOf(Apply left, Apply right) {
            for (int i = 0; i < left.outputs().size(); i++) {
                if (!left.outputs().get(i).type().equals(right.outputs().get(i).type())) {
                    return false;
                }
            }
            return true;
        }

        private Key key(Apply apply) {
            List<Integer> arguments = new ArrayList<>(apply.inputs().size());
            apply.inputs().forEach(input -> arguments.add(id(input)));
            if (apply.op() instanceof Op.Elementwise op && op.scalar().isCommutative()) {
                Collections.sort(arguments);
            }
            return new Key(apply.op(), arguments);
        }

        private int id(Tensor value) {
            Integer id = ids.get(value);
            if (id == null) {
                id = value instanceof Constant constant && constant.rank() == 0
                        ? scalarIds.computeIfAbsent(scalar(constant.value()), s -> nextId++)
                        : Integer.valueOf(nextId++);
                ids.put(value, id);
            }
            return id;
        }

        private static Scalar scalar(HostTensor value) {
            DType dtype = value.dtype();
            return new Scalar(
                    dtype, dtype.isFloating() ? Double.doubleToRawLongBits(value.doubleAt(0)) : value.longAt(0));
        }
    }
}
