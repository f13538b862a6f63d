package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.count;
import static dev.tessera.rewrite.Rules.floats;
import static dev.tessera.rewrite.Rules.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Axes;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Index;
import dev.tessera.expr.Op;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules about repeats, parts and positions. */
class ShapeRewritesTest {
    private final Tensor x = floats("x", Dim.of(6));
    private final Tensor y = floats("y", Dim.of(4));
    private final Tensor matrix = floats("m", N, Dim.of(3));

    private static void assertUnchanged(Rewrite rule, Tensor value) {
        assertThat(Rules.apply(rule, value)).isSameAs(value);
    }

    private static Tensor repeated(Tensor value, Dim times) {
        return Tensors.broadcastTo(value, new Shape(List.of(times, value.shape().dim(0))));
    }

    @Test
    void extremesAndMeansOfRepeatsAreTheValue() {
        List<Rewrite> rules =
                List.of(new ReduceRepeats(), new DropUnitReductions(), new DropBroadcasts(), new CollapseDimShuffles());
        Tensor rows = repeated(x, Dim.of(5));

        for (Reduction reduction : List.of(Reduction.MAX, Reduction.MIN, Reduction.MEAN)) {
            Tensor reduced = Rules.apply(rules, reduction.of(rows, Axes.of(0), false));
            assertThat(count(Op.Reduce.class, reduced)).as("%s", reduction).isZero();
        }
        Tensor position = Rules.apply(rules, Reduction.ARGMIN.of(rows, Axes.of(0), false));
        assertThat(position)
                .hasToString(
                        Tensors.broadcastTo(Tensors.constant(0L), Shape.of(6)).toString());
    }

    @Test
    void sumOfRepeatsIsAProduct() {
        Tensor rows = repeated(x, Dim.of(5));
        assertThat(text(new ReduceRepeats(), Tensors.sum(rows, 0)))
                .contains("* 5")
                .contains("+ 0")
                .contains("sum(");
        Tensor both = Rules.apply(new ReduceRepeats(), Reduction.MAX.of(rows, Axes.of(0, 1), false));
        assertThat(both.owner().inputs().get(0).shape()).isEqualTo(Shape.of(1, 6));
    }

    @Test
    void reductionThatIsNoValueOfItsRepeatsStays() {
        Rewrite rule = new ReduceRepeats();
        assertUnchanged(rule, Tensors.max(repeated(x, Dim.of(5)), 1));
        Tensor unknown = Tensors.max(repeated(x, N), 0);
        Tensor both = Tensors.add(Tensors.sum(floats("v", N)), unknown);
        assertUnchanged(rule, both);
        assertUnchanged(rule, Reduction.SUM.of(repeated(x, Dim.of(0)), Axes.of(0), false));
        assertUnchanged(rule, Reduction.PROD.of(repeated(x, Dim.of(5)), Axes.of(0), false));
        assertUnchanged(rule, Tensors.max(x, 0));
    }

    @Test
    void reductionsOfReductionsMerge() {
        Rewrite rule = new MergeReductions();
        Tensor merged = Rules.apply(rule, Tensors.sum(Tensors.sum(matrix, 1), 0));
        assertThat(merged.owner().op())
                .isEqualTo(Rules.apply(rule, Tensors.sum(matrix)).owner().op());
        Tensor cube = floats("c", Dim.of(2), Dim.of(3), Dim.of(4));
        Tensor middleAndLast = Rules.apply(rule, Tensors.max(Tensors.max(cube, 1), 1));
        assertThat(((Op.Reduce) middleAndLast.owner().op()).axes()).containsExactly(1, 2);
    }

    @Test
    void reductionsOfOtherKindsAndThoseReadElsewhereStay() {
        Rewrite rule = new MergeReductions();
        assertUnchanged(rule, Tensors.sum(Tensors.max(matrix, 1), 0));
        assertUnchanged(rule, Tensors.mean(Tensors.mean(matrix, 1), 0));
        Tensor inner = Tensors.sum(matrix, 1);
        Graph graph = Graph.of(new Graph.Output("a", inner), new Graph.Output("b", Tensors.sum(inner, 0)));
        assertThat(Rules.apply(List.of(rule), graph)).isEqualTo(graph);
    }

    @Test
    void sliceOfOnePartReadsOnlyThat() {
        Rewrite rule = new SliceConcatToPart();
        Tensor both = Tensors.concat(List.of(x, y), 0);
        assertThat(text(rule, Tensors.slice(both, Index.range(1, 5)))).isEqualTo("x[1:5]");
        assertThat(text(rule, Tensors.slice(both, Index.range(7, 9)))).isEqualTo("y[1:3]");
        Tensor backwards = Tensors.slice(Tensors.slice(both, Index.from(6)), Index.every(-1));
        assertThat(text(rule, Rules.apply(List.of(new CollapseSlices(), rule), backwards)))
                .isEqualTo("y[3::-1]");
    }

    @Test
    void sliceOfTwoPartsAndOfUnknownSizesStays() {
        Rewrite rule = new SliceConcatToPart();
        Tensor both = Tensors.concat(List.of(x, y), 0);
        assertUnchanged(rule, Tensors.slice(both, Index.range(5, 7)));
        assertUnchanged(rule, Tensors.slice(both, Index.every(2)));
        Tensor unknown = Tensors.concat(List.of(floats("v", N), x), 0);
        assertUnchanged(rule, Tensors.slice(unknown, Index.range(0, 1)));
        Tensor taken = Tensors.take(x, Tensors.variable("i", DType.INT64, Dim.of(2)), 0);
        assertUnchanged(rule, Tensors.slice(Tensors.concat(List.of(taken, y), 0), Index.range(3, 5)));
    }

    @Test
    void whatIsCutAwayIsNotComputed() {
        Rewrite rule = new SliceBeforeElementwise();
        assertThat(text(rule, Tensors.slice(Tensors.exp(x), Index.range(1, 3)))).isEqualTo("exp(x[1:3])");
        Tensor scaled = Tensors.mul(Tensors.add(x, floats("u", Dim.ONE)), Tensors.weak(2));
        assertThat(text(rule, Tensors.slice(scaled, Index.to(2))))
                .startsWith("(x[0:2] + u")
                .endsWith("* 2.0");
    }

    @Test
    void sliceOfWhatElseIsReadAndOneThatTakesAllStay() {
        Rewrite rule = new SliceBeforeElementwise();
        assertUnchanged(rule, Tensors.slice(Tensors.exp(x), Index.every(-1)));
        Tensor powers = Tensors.exp(x);
        Tensor part = Tensors.slice(powers, Index.to(2));
        assertThat(Rules.texts(rule, powers, part)).containsExactly("exp(x)", "exp(x)[0:2]");
    }

    @Test
    void concatenationsMerge() {
        Rewrite rule = new CollapseConcats();
        Tensor inner = Tensors.concat(List.of(x, y), 0);
        assertThat(Rules.apply(rule, Tensors.concat(List.of(inner, x), 0))
                        .owner()
                        .inputs())
                .containsExactly(x, y, x);
        assertThat(Rules.apply(rule, Tensors.concat(List.of(x), 0))).isSameAs(x);
        Tensor rows = Tensors.concat(List.of(matrix, matrix), 1);
        assertUnchanged(rule, Tensors.concat(List.of(rows, rows), 0));
        assertThat(Rules.texts(rule, inner, Tensors.concat(List.of(inner, x), 0))
                        .get(1))
                .contains("concatenate((concatenate(");
    }

    @Test
    void emptyBordersGo() {
        Rewrite rule = new DropEmptyPads();
        assertThat(Rules.apply(rule, Tensors.pad(x, List.of(0L), List.of(0L), Tensors.weak(1))))
                .isSameAs(x);
        assertUnchanged(rule, Tensors.pad(x, List.of(0L), List.of(1L), Tensors.weak(1)));
    }

    @Test
    void evenlySpacedPositionsAreASlice() {
        Rewrite rule = new TakeToSlice();
        assertThat(text(rule, Tensors.take(x, Tensors.constant(new long[] {0, 2, 4}, 3), 0)))
                .isEqualTo("x[0:6:2]");
        assertThat(text(rule, Tensors.take(x, Tensors.constant(new int[] {-1, -2}, 2), 0)))
                .isEqualTo("x[5:3:-1]");
        Tensor row = Rules.apply(rule, Tensors.take(floats("w", Dim.of(2), Dim.of(3)), Tensors.constant(-1L), 0));
        assertThat(count(Op.Slice.class, row)).isEqualTo(1);
        assertThat(row.shape()).isEqualTo(Shape.of(3));
    }

    @Test
    void positionsThatAreNoSliceStay() {
        Rewrite rule = new TakeToSlice();
        for (long[] positions : List.of(new long[] {0, 0}, new long[] {0, 1, 3}, new long[] {6}, new long[] {5, 6})) {
            assertUnchanged(rule, Tensors.take(x, Tensors.constant(positions, positions.length), 0));
        }
        assertUnchanged(rule, Tensors.take(matrix, Tensors.constant(0L), 0));
    }

    @Test
    void broadcastsMergeAndFollowFunctionsOfOneArgument() {
        Tensor once = Tensors.broadcastTo(floats("u", Dim.ONE), Shape.of(3));
        Tensor twice = Tensors.broadcastTo(once, Shape.of(2, 3));
        assertThat(count(Op.BroadcastTo.class, Rules.apply(new CollapseBroadcasts(), twice)))
                .isEqualTo(1);
        assertUnchanged(new CollapseBroadcasts(), once);
        Rewrite rule = new ElementwiseBeforeBroadcast();
        assertThat(Rules.apply(rule, Tensors.exp(once)).owner().op()).isInstanceOf(Op.BroadcastTo.class);
        assertUnchanged(rule, Tensors.add(once, floats("t", Dim.of(3))));
        assertUnchanged(rule, Tensors.exp(x));
    }
}
