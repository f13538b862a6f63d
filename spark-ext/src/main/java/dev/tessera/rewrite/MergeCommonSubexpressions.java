package dev.tessera.rewrite;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Constant;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code exp(x) + exp(x)} -> {@code e + e} with {@code e = exp(x)}: applications of one op to the same values become one,
 * whatever the order of the arguments of a commutative function.
 */
final class MergeCommonSubexpressions implements GraphRewrite {
    // The types are part of it: equal sizes may have two names.
    private record Key(Op op, List<Integer> arguments, List<TensorType> types) {}

    private record Scalar(DType dtype, long bits) {}

    @Override
    public Graph rewrite(Graph graph) {
        return new Merging().merged(graph);
    }

    private static final class Merging {
        private final Map<Key, Apply> first = new HashMap<>();
        private final Map<Tensor, Integer> ids = new HashMap<>();
        private final Map<Scalar, Integer> scalarIds = new HashMap<>();
        private int nextId;

        Graph merged(Graph graph) {
            Substitution substitution = new Substitution();
            for (Apply apply : graph.toposort()) {
                Apply same = first.putIfAbsent(key(apply), apply);
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

        private Key key(Apply apply) {
            List<Integer> arguments = new ArrayList<>();
            apply.inputs().forEach(input -> arguments.add(id(input)));
            if (apply.op() instanceof Op.Elementwise op && op.scalar().isCommutative()) {
                Collections.sort(arguments);
            }
            List<TensorType> types = new ArrayList<>();
            apply.outputs().forEach(output -> types.add(output.type()));
            return new Key(apply.op(), arguments, types);
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
