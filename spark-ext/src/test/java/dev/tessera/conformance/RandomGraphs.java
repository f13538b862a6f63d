package dev.tessera.conformance;

import dev.tessera.expr.Axes;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Index;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.TopElements;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Graphs of random ops on random inputs, the same one for the same seed. */
final class RandomGraphs {
    private static final long[] SIZES = {1, 2, 3, 4, 5, 8, 33};
    private static final DType[] DTYPES = {
        DType.FLOAT32, DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64, DType.BOOL
    };
    private static final long MAX_ELEMENTS = 2048;
    private static final int MAX_INPUTS = 4;
    private static final int MAX_OPS = 16;
    private static final int ATTEMPTS = 20;

    private final SplittableRandom random;
    private final ConformanceCase.Builder builder;
    private final List<Tensor> values = new ArrayList<>();
    private final List<Tensor> computed = new ArrayList<>();
    private final DimBinding binding;
    private final RandomWords words;

    private RandomGraphs(long seed) {
        this.random = new SplittableRandom(seed);
        this.words = new RandomWords(random);
        this.builder = new ConformanceCase.Builder(seed, random.nextInt(1, 4));
        Map<String, Long> sizes = new HashMap<>();
        for (long size : SIZES) {
            sizes.put("d" + size, size);
        }
        this.binding = new DimBinding(sizes);
    }

    static ConformanceCase of(long seed) {
        return new RandomGraphs(seed).build("seed " + seed);
    }

    private ConformanceCase build(String name) {
        for (int i = random.nextInt(1, MAX_INPUTS + 1); i > 0; i--) {
            values.add(input());
        }
        int ops = random.nextInt(1, MAX_OPS);
        for (int attempt = 0; computed.size() < ops && attempt < ATTEMPTS * ops; attempt++) {
            Tensor value = attempt();
            if (value != null && value.owner() != null && isUsable(value)) {
                values.add(value);
                computed.add(value);
            }
        }
        if (computed.isEmpty()) {
            computed.add(Tensors.isfinite(values.get(0)));
        }
        int outputs = Math.min(computed.size(), random.nextInt(1, 4));
        return builder.of(
                name,
                computed.subList(computed.size() - outputs, computed.size()).toArray(Tensor[]::new));
    }

    private Tensor input() {
        Variation variation =
                values.isEmpty() ? Variation.ROW : Variation.values()[random.nextInt(Variation.values().length)];
        long[] sizes = new long[random.nextInt(0, 4)];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = random.nextInt(32) == 0 ? 0 : SIZES[random.nextInt(SIZES.length)];
        }
        // Unknown sizes that are 0 are the table's, not of these graphs: many ops have no value there.
        boolean isEmpty = IntStream.range(0, sizes.length).anyMatch(axis -> sizes[axis] == 0);
        Variation of = isEmpty && variation == Variation.UNKNOWN ? Variation.ROW : variation;
        Values[] kinds = {Values.TAME, Values.TAME, Values.TAME, Values.SPRINKLED, Values.WIDE};
        DType dtype = any(DTYPES);
        // Special floats make what follows of them NaN; special integers make corner cases.
        Values[] ofIntegers = {Values.TAME, Values.TAME, Values.SPECIAL, Values.WIDE};
        Values filling = any(dtype.isInteger() ? ofIntegers : kinds);
        String name = String.valueOf((char) ('a' + values.size()));
        return builder.input(name, of, dtype, filling, sizes);
    }

    private <T> T any(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Tensor any() {
        // Later values more often, so that chains grow.
        int from = random.nextBoolean() ? 0 : values.size() * 2 / 3;
        return values.get(random.nextInt(from, values.size()));
    }

    /** A value of a random op, or null if its arguments did not fit. */
    private @Nullable Tensor attempt() {
        try {
            return switch (random.nextInt(15)) {
                case 0, 1 -> function(1);
                case 2, 3, 4 -> function(2);
                case 5 -> function(3);
                case 6, 7 -> reduction(any());
                case 8 -> product(any(), any());
                case 9 -> normalised(any());
                case 10, 11, 12 -> words.word(any(), any());
                default -> moved(any());
            };
        } catch (TensorTypeException e) {
            return null;
        }
    }

    private Tensor function(int arity) {
        ScalarOp[] functions = ScalarOp.values();
        ScalarOp op = any(functions);
        while (op.arity() != arity) {
            op = any(functions);
        }
        Tensor x = any();
        if (arity == 2 && random.nextInt(3) == 0) {
            return Tensors.apply(op, x, Tensors.weak(random.nextInt(-2, 4)));
        }
        return arity == 1
                ? Tensors.apply(op, x)
                : arity == 2 ? Tensors.apply(op, x, any()) : Tensors.apply(op, x, any(), any());
    }

    private Tensor reduction(Tensor x) {
        boolean isWhole = x.rank() == 0 || random.nextInt(4) == 0;
        Axes axes = isWhole ? Axes.ALL : Axes.of(random.nextInt(x.rank()));
        return any(Reduction.values()).of(x, axes, random.nextBoolean());
    }

    private Tensor product(Tensor x, Tensor y) {
        return switch (random.nextInt(4)) {
            case 0 -> Tensors.matmul(x, Tensors.transpose(x));
            case 1 -> Tensors.dot(x, y);
            case 2 -> Tensors.outer(x, y);
            default -> Tensors.matmul(x, y);
        };
    }

    private Tensor normalised(Tensor x) {
        int axis = x.rank() == 0 ? 0 : random.nextInt(x.rank());
        return switch (random.nextInt(6)) {
            case 0 -> Tensors.softmax(x, axis);
            case 1 -> Tensors.logSoftmax(x, axis);
            case 2 -> Tensors.layerNorm(x, axis, null, null, 1e-3);
            case 3 -> Tensors.cumsum(x, axis);
            case 4 -> largest(x, axis);
            default -> Tensors.cast(x, any(DTYPES));
        };
    }

    private Tensor largest(Tensor x, int axis) {
        TopElements top = Tensors.topk(x, random.nextInt(1, 3), axis);
        values.add(top.values());
        return top.indices();
    }

    private Tensor moved(Tensor x) {
        int rank = x.rank();
        int axis = rank == 0 ? 0 : random.nextInt(rank);
        Index[] indices = IntStream.range(0, rank).mapToObj(i -> Index.ALL).toArray(Index[]::new);
        return switch (random.nextInt(11)) {
            case 0, 1 -> Tensors.transpose(x);
            case 2 -> Tensors.flatten(x);
            case 3 -> Tensors.expandDims(x, random.nextInt(rank + 1));
            case 4 -> Tensors.squeeze(x);
            case 5 -> sliced(x, indices, axis);
            case 6 -> Tensors.concat(List.of(x, any()), axis);
            case 7 -> Tensors.stack(List.of(x, any()), axis);
            case 8 ->
                x.shape().dims().contains(Dim.ZERO)
                        ? x
                        : Tensors.take(x, Tensors.constant(new long[] {0, -1, 0}), axis);
            case 9 -> Tensors.tile(x, random.nextInt(1, 3));
            default -> rank < 2 ? padded(x) : Tensors.diagonal(x, random.nextInt(-1, 2), 0, 1);
        };
    }

    private Tensor sliced(Tensor x, Index[] indices, int axis) {
        if (x.rank() > 0) {
            Index[] choices = {Index.every(-1), Index.every(2), Index.at(0), Index.from(1), Index.to(-1)};
            indices[axis] = any(choices);
        }
        return Tensors.slice(x, indices);
    }

    private static Tensor padded(Tensor x) {
        List<Long> widths = IntStream.range(0, x.rank()).mapToObj(i -> 1L).toList();
        return Tensors.pad(x, widths, widths, Tensors.weak(0));
    }

    /** Whether the value has a size that is not too large, and all that it asks of unknown sizes holds. */
    private boolean isUsable(Tensor value) {
        Shape shape = value.shape();
        long elements = 1;
        for (Dim dim : shape.dims()) {
            elements *= dim.evaluate(binding);
        }
        boolean hasNothing = shape.dims().stream().anyMatch(dim -> !dim.isKnown() && dim.evaluate(binding) == 0);
        return elements <= MAX_ELEMENTS
                && !hasNothing
                && Graph.of("value", value).toposort().stream()
                        .flatMap(apply -> apply.equalities().stream())
                        .allMatch(e -> e.left().evaluate(binding) == e.right().evaluate(binding));
    }
}
