package dev.tessera.conformance;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Products of matrices: of all sizes, batched, transposed, with bias and activation, and with themselves. */
final class ProductCases {
    private static final List<DType> DTYPES = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT32, DType.INT64);

    private static final long[][][] SHAPES = {
        {{1, 1}, {1, 1}},
        {{1, 33}, {33, 257}},
        {{3, 4}, {4, 5}},
        {{4, 4}, {4, 4}},
        {{8, 8}, {8, 8}},
        {{16, 16}, {16, 16}},
        {{31, 32}, {32, 33}},
        {{64, 64}, {64, 64}},
        {{65, 2}, {2, 65}},
        {{0, 3}, {3, 2}},
        {{2, 0}, {0, 3}},
        {{2, 3}, {3, 0}},
        {{1, 4097}, {4097, 1}},
        {{2, 3, 4}, {2, 4, 5}},
        {{2, 3, 4}, {4, 5}},
        {{2, 1, 3, 4}, {3, 4, 2}},
        {{0, 3, 4}, {4, 5}}
    };

    private static final Variation[][] VARIATIONS = {
        {Variation.ROW, Variation.CONSTANT},
        {Variation.ROW, Variation.ROW},
        {Variation.UNKNOWN, Variation.UNKNOWN},
        {Variation.PARAMETER, Variation.ROW},
        {Variation.ROW, Variation.PARAMETER},
        {Variation.CONSTANT, Variation.PARAMETER},
        {Variation.CONSTANT, Variation.ROW}
    };

    private ProductCases() {}

    static void addTo(Map<String, Supplier<List<ConformanceCase>>> rows) {
        for (DType dtype : DTYPES) {
            rows.put("matmul of " + dtype, () -> products(dtype));
            rows.put("matmul of transposes of " + dtype, () -> transposed(dtype));
            rows.put("matmul with bias of " + dtype, () -> withBias(dtype));
            if (dtype.isFloating()) {
                rows.put("product with its transpose of " + dtype, () -> withItself(dtype));
                rows.put("matmul with activation of " + dtype, () -> withActivation(dtype));
            }
        }
        rows.put("dot, outer and matmul by rank", ProductCases::byRank);
    }

    private static Values values(int index) {
        return index % 3 == 2 ? Values.SPRINKLED : Values.TAME;
    }

    private static Tensor product(ConformanceCase.Builder builder, int index, DType dtype, long[][] sizes) {
        Variation[] variation = VARIATIONS[index % VARIATIONS.length];
        Tensor a = builder.input("a", variation[0], dtype, values(index), sizes[0]);
        Tensor b = builder.input("b", variation[1], dtype, values(index), sizes[1]);
        return Apply.of(new Op.MatMul(), a, b).output();
    }

    private static List<ConformanceCase> products(DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 2 * SHAPES.length; i++) {
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 4);
            cases.add(builder.of("matmul", product(builder, i + i / SHAPES.length, dtype, SHAPES[i % SHAPES.length])));
        }
        return cases;
    }

    private static List<ConformanceCase> transposed(DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 3 * VARIATIONS.length; i++) {
            Variation[] variation = VARIATIONS[i % VARIATIONS.length];
            boolean isLeft = i % 3 != 0;
            boolean isRight = i % 3 != 1;
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            Tensor a =
                    builder.input("a", variation[0], dtype, values(i), isLeft ? new long[] {9, 5} : new long[] {5, 9});
            Tensor b =
                    builder.input("b", variation[1], dtype, values(i), isRight ? new long[] {7, 9} : new long[] {9, 7});
            cases.add(builder.of(
                    "transposed",
                    Tensors.matmul(isLeft ? Tensors.transpose(a) : a, isRight ? Tensors.transpose(b) : b)));
        }
        return cases;
    }

    private static List<ConformanceCase> withBias(DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 2 * SHAPES.length; i++) {
            long[][] sizes = SHAPES[i % SHAPES.length];
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            Tensor product = product(builder, i, dtype, sizes);
            long columns = sizes[1][sizes[1].length - 1];
            Variation bias = VARIATIONS[(i + 3) % VARIATIONS.length][1];
            boolean isUnknown = product.shape().dims().stream().anyMatch(dim -> !dim.isKnown());
            Tensor c = builder.input("c", isUnknown ? Variation.UNKNOWN : bias, dtype, values(i), columns);
            Tensor sum = Apply.of(new Op.Elementwise(ScalarOp.ADD), product, c).output();
            cases.add(builder.of("with bias", i % 2 == 0 ? sum : Tensors.relu(sum)));
        }
        return cases;
    }

    private static List<ConformanceCase> withActivation(DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (ScalarOp op : ScalarOp.values()) {
            if (op.arity() == 1 && op.accepts(dtype)) {
                ConformanceCase.Builder builder = new ConformanceCase.Builder(op.wireCode(), 3);
                Tensor product = product(builder, 2 * op.wireCode(), dtype, new long[][] {{3, 9}, {9, 17}});
                cases.add(builder.of("activation", Tensors.apply(op, product)));
            }
        }
        return cases;
    }

    private static List<ConformanceCase> withItself(DType dtype) {
        List<ConformanceCase> cases = new ArrayList<>();
        long[][] sizes = {{1, 1}, {3, 5}, {33, 31}, {64, 3}, {0, 4}, {4, 0}, {2, 3, 4}};
        for (int i = 0; i < 3 * sizes.length; i++) {
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 2);
            Tensor x = builder.input("x", Variation.values()[i % 3], dtype, values(i), sizes[i / 3]);
            int[] swapped = x.rank() == 3 ? new int[] {0, 2, 1} : new int[] {1, 0};
            Tensor transpose = Tensors.transpose(x, swapped);
            cases.add(builder.of("with itself", Tensors.matmul(x, transpose), Tensors.matmul(transpose, x)));
        }
        return cases;
    }

    private static List<ConformanceCase> byRank() {
        List<ConformanceCase> cases = new ArrayList<>();
        long[][][] sizes = {
            {{5}, {5}}, {{5}, {5, 3}}, {{4, 5}, {5}}, {{2, 4, 5}, {5}}, {{5}, {2, 5, 3}}, {{4, 5}, {5, 3}}
        };
        for (DType left : DTYPES) {
            for (DType right : List.of(left, DType.FLOAT32, DType.BOOL)) {
                for (int i = 0; i < sizes.length; i++) {
                    Variation[] variation = VARIATIONS[(i + cases.size()) % VARIATIONS.length];
                    ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
                    Tensor a = builder.input("a", variation[0], left, Values.TAME, sizes[i][0]);
                    Tensor b = builder.input("b", variation[1], right, Values.TAME, sizes[i][1]);
                    cases.add(builder.of("by rank", Tensors.dot(a, b), Tensors.matmul(a, b), Tensors.outer(a, b)));
                }
            }
        }
        return cases;
    }
}
