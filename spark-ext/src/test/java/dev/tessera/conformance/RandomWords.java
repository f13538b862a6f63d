package dev.tessera.conformance;

import dev.tessera.expr.Axes;
import dev.tessera.expr.Index;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Words with attributes, on values that mostly fit them: what a random graph would seldom hit on by itself. */
final class RandomWords {
    private static final String[] OF_ONE = {"ij->ji", "ij->", "ii->i", "ii", "...i->...", "i...->...", "ijk->kj", "ij"};
    private static final String[] OF_TWO = {
        "ij,jk->ik", "ij,kj->ki", "i,j->ij", "i,i", "bij,bjk->bik", "ij,ij->j", "...i,...i->...", "ij,j", "ij,i->j"
    };
    private static final ScalarOp[] DIVISIONS = {ScalarOp.FLOOR_DIVIDE, ScalarOp.MOD, ScalarOp.POWER, ScalarOp.DIVIDE};
    private static final long[] CORNERS = {0, -1, 1, Integer.MIN_VALUE, Integer.MAX_VALUE};

    private final SplittableRandom random;

    RandomWords(SplittableRandom random) {
        this.random = random;
    }

    private <T> T any(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    Tensor word(Tensor x, Tensor y) {
        int axis = x.rank() == 0 ? 0 : random.nextInt(x.rank());
        return switch (random.nextInt(9)) {
            case 0 -> Tensors.einsum(any(OF_ONE), x);
            case 1 -> random.nextBoolean() ? Tensors.einsum(any(OF_TWO), x, y) : Tensors.einsum(any(OF_TWO), x, x);
            case 2 -> Tensors.take(x, positions(y), axis);
            case 3 -> Tensors.oneHot(positions(x), random.nextInt(4), any(new DType[] {DType.FLOAT32, DType.INT64}));
            case 4 -> padded(x);
            case 5 -> Tensors.tile(x, tiles(x.rank()));
            case 6 -> divided(x);
            case 7 -> repeated(x, axis);
            default -> cut(x, axis);
        };
    }

    /** Positions from -2 to 1, most of which a value has; of one that has fewer elements the row is bad. */
    private Tensor positions(Tensor of) {
        Tensor flat = Tensors.cast(of, random.nextBoolean() ? DType.INT32 : DType.INT64);
        Tensor positions = Tensors.apply(ScalarOp.MOD, flat, Tensors.weak(4));
        return Tensors.sub(positions, Tensors.weak(2));
    }

    private Tensor padded(Tensor x) {
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            before.add(random.nextLong(3));
            after.add(random.nextLong(3));
        }
        return Tensors.pad(x, before, after, Tensors.weak(random.nextInt(-1, 2)));
    }

    private long[] tiles(int rank) {
        return LongStream.range(0, random.nextInt(rank + 2))
                .map(axis -> random.nextInt(4))
                .toArray();
    }

    /** Divisions by the integers that have rules of their own. */
    private Tensor divided(Tensor x) {
        Tensor corner = Tensors.weak(CORNERS[random.nextInt(CORNERS.length)]);
        return random.nextInt(4) == 0
                ? Tensors.apply(any(DIVISIONS), corner, x)
                : Tensors.apply(any(DIVISIONS), x, corner);
    }

    /** A value repeated along new and unit axes, and perhaps reduced along one of them. */
    private Tensor repeated(Tensor x, int axis) {
        List<Dim> dims = new ArrayList<>();
        dims.add(Dim.of(random.nextInt(1, 4)));
        for (Dim dim : x.shape().dims()) {
            dims.add(dim.isKnown(1) ? Dim.of(random.nextInt(1, 4)) : dim);
        }
        Tensor wide = Tensors.broadcastTo(x, new Shape(dims));
        return random.nextBoolean()
                ? wide
                : any(Reduction.values()).of(wide, Axes.of(random.nextBoolean() ? 0 : axis), random.nextBoolean());
    }

    /** A slice of a concatenation of a value with itself, which may straddle both. */
    private Tensor cut(Tensor x, int axis) {
        Tensor both = Tensors.concat(List.of(x, x), axis);
        Index[] indices = new Index[x.rank()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i == axis ? Index.range(random.nextInt(3), random.nextInt(3, 7)) : Index.ALL;
        }
        return Tensors.slice(both, indices);
    }
}
