package dev.tessera.conformance;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Axes;
import dev.tessera.expr.Op;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.ReduceOp;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Every reduction, running sums, the largest elements and softmax, over axes of all sizes. */
final class ReductionCases {
    private static final List<DType> DTYPES =
            Arrays.stream(DType.values()).filter(DType::isComputable).toList();
    private static final List<DType> FLOATS = List.of(DType.FLOAT32, DType.FLOAT64);

    /** The sizes of an argument and the axes that are reduced. */
    record Reduced(long[] sizes, List<Integer> axes) {}

    private static final List<Reduced> REDUCED = List.of(
            new Reduced(new long[] {1}, List.of(0)),
            new Reduced(new long[] {31}, List.of(0)),
            new Reduced(new long[] {33}, List.of(0)),
            new Reduced(new long[] {257}, List.of(0)),
            new Reduced(new long[] {4097}, List.of(0)),
            new Reduced(new long[] {0}, List.of(0)),
            new Reduced(new long[] {5, 32}, List.of(1)),
            new Reduced(new long[] {32, 5}, List.of(0)),
            new Reduced(new long[] {0, 5}, List.of(1)),
            new Reduced(new long[] {5, 0}, List.of(1)),
            new Reduced(new long[] {7, 255}, List.of(0, 1)),
            new Reduced(new long[] {2, 31, 3}, List.of(1)),
            new Reduced(new long[] {2, 31, 3}, List.of(0, 2)),
            new Reduced(new long[] {2, 3, 5, 4}, List.of(1, 3)),
            new Reduced(new long[] {2, 3, 1, 4}, List.of(2)));

    private ReductionCases() {}

    static void addTo(Map<String, Supplier<List<ConformanceCase>>> rows) {
        for (ReduceOp op : ReduceOp.values()) {
            for (DType dtype : DTYPES) {
                if (op.accepts(dtype)) {
                    rows.put("reduction %s of %s".formatted(op, dtype), () -> reductions(op, dtype));
                }
            }
        }
        for (Reduction word : Reduction.values()) {
            rows.put("word " + word, () -> words(word));
        }
        for (DType dtype : DTYPES) {
            rows.put("topk of " + dtype, () -> largest(dtype));
            if (dtype != DType.BOOL) {
                rows.put("cumsum of " + dtype, () -> alongOne(Op.CumulativeSum::new, "cumsum", dtype));
            }
        }
        for (DType dtype : FLOATS) {
            rows.put("softmax of " + dtype, () -> alongOne(axis -> new Op.Softmax(axis, false), "softmax", dtype));
            rows.put(
                    "log_softmax of " + dtype,
                    () -> alongOne(axis -> new Op.Softmax(axis, true), "log_softmax", dtype));
            rows.put("logsumexp of " + dtype, () -> logSumExp(dtype));
        }
    }

    private static boolean hasNothingToReduce(Reduced reduced) {
        return reduced.axes().stream().anyMatch(axis -> reduced.sizes()[axis] == 0);
    }

    private static ConformanceCase.Builder builder(int index) {
        return new ConformanceCase.Builder(index, 1 + index % 2 * 2);
    }

    private static Tensor input(ConformanceCase.Builder builder, int index, DType dtype, long... sizes) {
        Values[] values = {Values.TAME, Values.WIDE, Values.SPRINKLED};
        return builder.input("x", Variation.values()[index % 3], dtype, values[index / 2 % 3], sizes);
    }

    private static List<ConformanceCase> reductions(ReduceOp op, DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        boolean takesOneAxis = op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
        for (int i = 0; i < 2 * REDUCED.size(); i++) {
            Reduced reduced = REDUCED.get(i / 2);
            boolean hasValue = op.hasIdentity() || !hasNothingToReduce(reduced);
            if (hasValue && !(takesOneAxis && reduced.axes().size() > 1)) {
                ConformanceCase.Builder builder = builder(i);
                Tensor x = input(builder, i + op.wireCode(), dtype, reduced.sizes());
                Op reduce = new Op.Reduce(op, reduced.axes(), i % 2 == 0);
                cases.add(builder.of(op.toString(), Apply.of(reduce, x).output()));
            }
        }
        return cases;
    }

    private static List<ConformanceCase> words(Reduction word) {
        List<ConformanceCase> cases = new ArrayList<>();
        boolean takesOneAxis = word == Reduction.ARGMAX || word == Reduction.ARGMIN;
        for (DType dtype : DTYPES) {
            for (int i = 1; i < REDUCED.size(); i++) {
                Reduced reduced = REDUCED.get(i);
                boolean isWhole = i % 4 == 0 || (takesOneAxis && reduced.axes().size() > 1);
                if (Arrays.stream(reduced.sizes()).noneMatch(size -> size == 0)) {
                    ConformanceCase.Builder builder = builder(i);
                    Tensor x = input(builder, i + dtype.wireCode(), dtype, reduced.sizes());
                    Axes axes = isWhole ? Axes.ALL : Axes.of(reduced.axes());
                    cases.add(builder.of(word.toString(), word.of(x, axes, i % 2 == 1)));
                }
            }
        }
        return cases;
    }

    private static List<ConformanceCase> alongOne(IntFunction<Op> op, String name, DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 2 * REDUCED.size(); i++) {
            Reduced reduced = REDUCED.get(i / 2);
            ConformanceCase.Builder builder = builder(i);
            Tensor x = input(builder, i, dtype, reduced.sizes());
            cases.add(builder.of(
                    name, Apply.of(op.apply(reduced.axes().get(0)), x).output()));
        }
        return cases;
    }

    private static List<ConformanceCase> logSumExp(DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 2 * REDUCED.size(); i++) {
            Reduced reduced = REDUCED.get(i / 2);
            ConformanceCase.Builder builder = builder(i);
            Tensor x = input(builder, i, dtype, reduced.sizes());
            cases.add(builder.of(
                    "logsumexp",
                    Apply.of(new Op.LogSumExp(reduced.axes(), i % 2 == 0), x).output()));
        }
        return cases;
    }

    private static List<ConformanceCase> largest(DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 3 * REDUCED.size(); i++) {
            Reduced reduced = REDUCED.get(i / 3);
            int axis = reduced.axes().get(0);
            long size = reduced.sizes()[axis];
            long k = i % 3 == 0 ? Math.min(1, size) : i % 3 == 1 ? size : Math.min(5, size);
            ConformanceCase.Builder builder = builder(i);
            Tensor x = input(builder, i, dtype, reduced.sizes());
            Apply top = Apply.of(new Op.TopK(k, axis), x);
            cases.add(builder.of("topk", top.outputs().get(0), top.outputs().get(1)));
        }
        return cases;
    }
}
