package dev.tessera.conformance;

import dev.tessera.expr.Index;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Ops that move elements: as outputs, and read by a map and by a reduction. */
final class ShapeCases {
    private static final List<DType> DTYPES =
            List.of(DType.FLOAT32, DType.INT64, DType.BOOL, DType.FLOAT64, DType.INT32);

    /** The sizes of an argument, and what is made of it. */
    record Moved(String name, long[] sizes, Function<Tensor, Tensor> move) {}

    private ShapeCases() {}

    private static Moved moved(String name, Function<Tensor, Tensor> move, long... sizes) {
        return new Moved(name, sizes, move);
    }

    static void addTo(Map<String, Supplier<List<ConformanceCase>>> rows) {
        rows.put("reshape", () -> cases(reshapes(), Variation.ROW, Variation.PARAMETER));
        rows.put("dimshuffle", () -> cases(shuffles(), Variation.values()));
        rows.put("broadcast and tile", () -> cases(broadcasts(), Variation.ROW, Variation.PARAMETER));
        rows.put("slice", () -> cases(slices(), Variation.values()));
        rows.put("diagonal", () -> cases(diagonals(), Variation.values()));
        rows.put("pad", () -> cases(pads(), Variation.values()));
        rows.put("concat and stack", ShapeCases::concats);
        rows.put("take", ShapeCases::takes);
        rows.put("take out of range", ShapeCases::takesOutOfRange);
    }

    private static List<Moved> reshapes() {
        return List.of(
                moved("to a vector", x -> Tensors.reshape(x, Dim.of(-1)), 3, 11),
                moved("to a matrix", x -> Tensors.reshape(x, Dim.of(3), Dim.of(11)), 33),
                moved("to a scalar", x -> Tensors.reshape(x), 1, 1),
                moved("from a scalar", x -> Tensors.reshape(x, Dim.ONE, Dim.ONE)),
                moved("of nothing", x -> Tensors.reshape(x, Dim.of(0), Dim.of(5)), 5, 0),
                moved("of a transpose", x -> Tensors.flatten(Tensors.transpose(x)), 4, 9),
                moved("of a slice", x -> Tensors.flatten(Tensors.slice(x, Index.ALL, Index.range(1, 4))), 4, 9),
                moved("of axes together", x -> Tensors.reshape(x, Dim.of(6), Dim.of(20)), 2, 3, 4, 5),
                moved("of axes apart", x -> Tensors.reshape(x, Dim.of(2), Dim.of(3), Dim.of(4)), 6, 4));
    }

    private static List<Moved> shuffles() {
        return List.of(
                moved("transpose", x -> Tensors.transpose(x), 5, 33),
                moved("transpose of a cube", x -> Tensors.transpose(x, 2, 0, 1), 3, 4, 5),
                moved("transpose of nothing", x -> Tensors.transpose(x), 0, 5),
                moved("squeeze", x -> Tensors.squeeze(x), 1, 31, 1),
                moved("expand", x -> Tensors.expandDims(x, 0, -1), 32),
                moved("expand a scalar", x -> Tensors.expandDims(x, 0)),
                moved("of rank 6", x -> Tensors.transpose(x, 5, 3, 1, 0, 2, 4), 2, 1, 3, 2, 1, 2));
    }

    private static List<Moved> broadcasts() {
        return List.of(
                moved("a scalar", x -> Tensors.broadcastTo(x, Shape.of(3, 4))),
                moved("a row", x -> Tensors.broadcastTo(x, Shape.of(5, 33)), 33),
                moved("a column", x -> Tensors.broadcastTo(x, Shape.of(33, 5)), 33, 1),
                moved("to nothing", x -> Tensors.broadcastTo(x, Shape.of(0, 3)), 1, 3),
                moved("a middle axis", x -> Tensors.broadcastTo(x, Shape.of(2, 7, 3)), 2, 1, 3),
                moved("tile", x -> Tensors.tile(x, 2, 3), 4, 5),
                moved("tile to a new axis", x -> Tensors.tile(x, 3, 1, 2), 2, 3),
                moved("tile by 0", x -> Tensors.tile(x, 0), 4));
    }

    private static List<Moved> slices() {
        return List.of(
                moved("middle", x -> Tensors.slice(x, Index.range(1, -1)), 33),
                moved("every third", x -> Tensors.slice(x, Index.every(3)), 256),
                moved("reversed", x -> Tensors.slice(x, Index.every(-1)), 257),
                moved("reversed by two", x -> Tensors.slice(x, Index.ALL, Index.every(-2)), 3, 32),
                moved("one", x -> Tensors.slice(x, Index.at(-1)), 5, 7),
                moved("one of each", x -> Tensors.slice(x, Index.at(2), Index.at(0)), 5, 7),
                moved("nothing", x -> Tensors.slice(x, Index.range(3, 3)), 5),
                moved("clipped", x -> Tensors.slice(x, Index.range(2, 100)), 5),
                moved("of nothing", x -> Tensors.slice(x, Index.to(1)), 0),
                moved("with new axes", x -> Tensors.slice(x, Index.NEW_AXIS, Index.ELLIPSIS, Index.from(1)), 3, 4, 5),
                moved(
                        "twice",
                        x -> Tensors.slice(Tensors.slice(x, Index.every(-1), Index.from(2)), Index.from(1)),
                        6,
                        9));
    }

    private static List<Moved> diagonals() {
        return List.of(
                moved("square", x -> Tensors.diagonal(x, 0, 0, 1), 5, 5),
                moved("wide", x -> Tensors.diagonal(x, 1, 0, 1), 5, 8),
                moved("tall", x -> Tensors.diagonal(x, -2, 0, 1), 8, 5),
                moved("outside", x -> Tensors.diagonal(x, 9, 0, 1), 3, 3),
                moved("other axes", x -> Tensors.diagonal(x, 0, 2, 0), 4, 2, 3),
                moved("trace", x -> Tensors.trace(x, 1, 0, 1), 6, 7),
                moved("trace of nothing", x -> Tensors.trace(x, 0, 0, 1), 0, 3));
    }

    private static List<Moved> pads() {
        return List.of(
                moved("vector", x -> pad(x, List.of(1L), List.of(2L)), 31),
                moved("matrix", x -> pad(x, List.of(1L, 0L), List.of(0L, 3L)), 4, 5),
                moved("by nothing", x -> pad(x, List.of(0L), List.of(0L)), 5),
                moved("nothing", x -> pad(x, List.of(2L, 1L), List.of(0L, 1L)), 0, 2),
                moved("cube", x -> pad(x, List.of(1L, 1L, 1L), List.of(1L, 1L, 1L)), 2, 3, 2));
    }

    private static Tensor pad(Tensor x, List<Long> before, List<Long> after) {
        return Tensors.pad(x, before, after, Tensors.weak(1));
    }

    private static List<ConformanceCase> cases(List<Moved> moves, Variation... variations) {
        List<ConformanceCase> cases = new ArrayList<>();
        for (Moved move : moves) {
            for (Variation variation : variations) {
                int index = cases.size();
                ConformanceCase.Builder builder = new ConformanceCase.Builder(index, 1 + index % 3);
                DType dtype = DTYPES.get(index % DTYPES.size());
                Tensor x = builder.input("x", variation, dtype, Values.SPECIAL, move.sizes());
                cases.add(read(builder, move.name(), move.move().apply(x)));
            }
        }
        return cases;
    }

    /** The value itself, a map of it, and a reduction of it. */
    private static ConformanceCase read(ConformanceCase.Builder builder, String name, Tensor value) {
        return builder.of(name, value, Tensors.add(value, value), Tensors.any(Tensors.isfinite(value)));
    }

    private static List<ConformanceCase> concats() {
        List<ConformanceCase> cases = new ArrayList<>();
        long[][][] sizes = {{{3}, {4}}, {{0}, {31}}, {{3, 5}, {3, 2}}, {{1, 5}, {33, 5}}, {{2, 3, 4}, {2, 1, 4}}};
        int[] axes = {0, 0, 1, 0, 1};
        for (int i = 0; i < sizes.length * DTYPES.size(); i++) {
            long[][] parts = sizes[i % sizes.length];
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            DType dtype = DTYPES.get(i / sizes.length);
            Tensor a = builder.input("a", Variation.values()[i % 3], dtype, Values.SPECIAL, parts[0]);
            Tensor b = builder.input("b", Variation.values()[i / 2 % 4], dtype, Values.SPECIAL, parts[1]);
            Tensor copied = Tensors.concat(List.of(a, b, a), axes[i % sizes.length]);
            // What is computed for the result alone may be computed in its place.
            Tensor placed = Tensors.concat(List.of(Tensors.add(a, a), b, Tensors.add(b, b)), axes[i % sizes.length]);
            cases.add(builder.of(
                    "concat",
                    copied,
                    placed,
                    Tensors.any(Tensors.isfinite(copied)),
                    Tensors.stack(List.of(a, Tensors.add(a, a)), -1)));
        }
        return cases;
    }

    private static List<ConformanceCase> takes() {
        List<ConformanceCase> cases = new ArrayList<>();
        long[][] sizes = {{7}, {7, 5}, {5, 7}, {2, 7, 3}, {4097}, {7, 0}};
        int[] axes = {0, 0, 1, 1, 0, 0};
        long[][] indices = {{}, {0}, {3}, {33}, {2, 3}};
        for (int i = 0; i < sizes.length * indices.length; i++) {
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 1 + i % 3);
            DType dtype = DTYPES.get(i % DTYPES.size());
            int axis = axes[i % sizes.length];
            Tensor x = builder.input("x", Variation.values()[i % 4], dtype, Values.SPECIAL, sizes[i % sizes.length]);
            DType integer = i % 2 == 0 ? DType.INT32 : DType.INT64;
            Tensor at = builder.positions("i", integer, -7, 7, indices[i / sizes.length]);
            cases.add(read(builder, "take", Tensors.take(x, at, axis)));
        }
        return cases;
    }

    private static List<ConformanceCase> takesOutOfRange() {
        List<ConformanceCase> cases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            ConformanceCase.Builder builder = new ConformanceCase.Builder(i, 8);
            Tensor x = builder.input("x", Variation.values()[i % 4], DType.FLOAT32, Values.TAME, 4, 3);
            Tensor at = builder.positions("i", i % 2 == 0 ? DType.INT64 : DType.INT32, -6, 6, i % 3);
            cases.add(builder.of("take out of range", Tensors.take(x, at, 0)));
        }
        return cases;
    }
}
