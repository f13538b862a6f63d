package dev.tessera.conformance;

import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Words that are more than one op, and chains of ops that rewriting fuses, stabilises or shares. */
final class WordCases {
    private static final long[][] SHAPES = {{1}, {33}, {257}, {5, 32}, {2, 3, 31}, {3, 0}};

    private WordCases() {}

    static void addTo(Map<String, Supplier<List<ConformanceCase>>> rows) {
        rows.put("clip", () -> cases(x -> Tensors.clip(x, Tensors.weak(-1), Tensors.weak(1))));
        rows.put("layer_norm", WordCases::layerNorms);
        rows.put("one_hot", WordCases::oneHots);
        // These are finite where NumPy overflows: compared where it does not.
        rows.put("log of softmax", () -> tameCases(x -> Tensors.log(Tensors.softmax(x, -1))));
        rows.put("log of sum of exp", () -> tameCases(x -> Tensors.log(Tensors.sum(Tensors.exp(x), x.rank() - 1))));
        rows.put(
                "softmax written out",
                () -> cases(x -> {
                    Tensor exp = Tensors.exp(Tensors.sub(x, x.mul(2)));
                    return Tensors.div(exp, Tensors.expandDims(Tensors.sum(exp, -1), -1));
                }));
        rows.put(
                "a long chain",
                () -> cases(x -> {
                    Tensor chain = x;
                    for (int i = 0; i < 40; i++) {
                        chain = i % 3 == 0 ? chain.tanh() : i % 3 == 1 ? chain.add(0.5) : chain.mul(x);
                    }
                    return chain;
                }));
        rows.put(
                "one value read many times",
                () -> cases(x -> {
                    Tensor shared = x.sigmoid();
                    return Tensors.add(
                            Tensors.mul(shared, shared), Tensors.sub(shared, x).relu());
                }));
        rows.put(
                "a comparison that chooses",
                () -> cases(x -> Tensors.where(
                        Tensors.logicalAnd(x.gt(0), x.isfinite()),
                        x.sqrt(),
                        x.neg().mul(0.1))));
        rows.put("a perceptron", WordCases::perceptrons);
    }

    private static List<ConformanceCase> cases(Function<Tensor, Tensor> word) {
        List<ConformanceCase> cases = new ArrayList<>();
        Values[] values = {Values.TAME, Values.SPRINKLED, Values.WIDE};
        for (int i = 0; i < 2 * SHAPES.length; i++) {
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            DType dtype = i % 2 == 0 ? DType.FLOAT32 : DType.FLOAT64;
            Tensor x = builder.input("x", Variation.values()[i % 3], dtype, values[i / 2 % 3], SHAPES[i / 2]);
            cases.add(builder.of("word", word.apply(x)));
        }
        return cases;
    }

    private static List<ConformanceCase> tameCases(Function<Tensor, Tensor> word) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < SHAPES.length; i++) {
            long[] sizes = SHAPES[i];
            boolean isEmpty = sizes[sizes.length - 1] == 0;
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            DType dtype = i % 2 == 0 ? DType.FLOAT32 : DType.FLOAT64;
            Variation variation = isEmpty ? Variation.ROW : Variation.values()[i % 3];
            cases.add(builder.of("word", word.apply(builder.input("x", variation, dtype, Values.TAME, sizes))));
        }
        return cases;
    }

    private static List<ConformanceCase> layerNorms() {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 2 * SHAPES.length; i++) {
            long[] sizes = SHAPES[i / 2];
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            DType dtype = i % 2 == 0 ? DType.FLOAT32 : DType.FLOAT64;
            Variation variation = i % 3 == 0 ? Variation.CONSTANT : Variation.PARAMETER;
            Tensor x = builder.input("x", Variation.ROW, dtype, Values.TAME, sizes);
            Tensor gain = builder.input("g", variation, dtype, Values.TAME, sizes[sizes.length - 1]);
            Tensor bias = builder.input("b", Variation.ROW, dtype, Values.TAME, sizes[sizes.length - 1]);
            cases.add(builder.of(
                    "layer_norm",
                    Tensors.layerNorm(x, -1, null, null, 1e-5),
                    Tensors.layerNorm(x, -1, gain, bias, 1e-3),
                    Tensors.layerNorm(x, 0, null, null, 1e-5)));
        }
        return cases;
    }

    private static List<ConformanceCase> oneHots() {
        List<ConformanceCase> cases = new ArrayList<>();
        long[][] sizes = {{}, {0}, {5}, {3, 31}};
        for (int i = 0; i < 3 * sizes.length; i++) {
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            Tensor positions =
                    builder.positions("i", i % 2 == 0 ? DType.INT32 : DType.INT64, -2, 6, sizes[i % sizes.length]);
            DType dtype = List.of(DType.FLOAT32, DType.INT64, DType.BOOL).get(i / sizes.length);
            cases.add(builder.of("one_hot", Tensors.oneHot(positions, 5, dtype)));
        }
        return cases;
    }

    private static List<ConformanceCase> perceptrons() {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + 2 * i);
            Variation weights = i % 2 == 0 ? Variation.CONSTANT : Variation.PARAMETER;
            DType dtype = i < 3 ? DType.FLOAT32 : DType.FLOAT64;
            Tensor x = builder.input("x", Variation.ROW, dtype, Values.TAME, 33);
            Tensor hidden = Tensors.add(
                            Tensors.matmul(x, builder.input("w", weights, dtype, Values.TAME, 33, 17)),
                            builder.input("b", weights, dtype, Values.TAME, 17))
                    .relu();
            Tensor scores = Tensors.matmul(hidden, builder.input("v", weights, dtype, Values.TAME, 17, 10));
            Tensor small = scores.mul(0.01);
            cases.add(builder.of("perceptron", Tensors.softmax(small, -1), Tensors.argmax(small, -1)));
        }
        return cases;
    }
}
