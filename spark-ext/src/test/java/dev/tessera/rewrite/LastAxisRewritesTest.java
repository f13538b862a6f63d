package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.count;
import static dev.tessera.rewrite.Rules.floats;
import static dev.tessera.rewrite.Rules.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Axes;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ReduceOp;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastAxisRewritesTest {
    private final Tensor x = floats("x", N);
    private final Tensor matrix = floats("m", N, Dim.of(3));
    private final Tensor cube = floats("c", Dim.of(2), Dim.of(3), Dim.of(4));

    private void assertUnchanged(Rewrite rule, Tensor value) {
        assertThat(Rules.apply(rule, value)).isSameAs(value);
    }

    private static List<Apply> reductions(Tensor value) {
        return Graph.of("y", value).toposort().stream()
                .filter(apply -> apply.op() instanceof Op.Reduce)
                .toList();
    }

    @Test
    void reductionOverTheFirstAxisTransposes() {
        Rewrite rule = new ReduceToLastAxis();
        assertThat(text(rule, Reduction.SUM.of(matrix, Axes.of(0), true)))
                .isEqualTo("transpose(sum(transpose(m), axis=1, keepdims=True))");
        assertUnchanged(rule, Reduction.SUM.of(matrix, Axes.of(1), true));
    }

    @Test
    void neighbouringAxesAreReducedAsOne() {
        Tensor reduced = Rules.apply(new ReduceToLastAxis(), Tensors.sum(cube, 0, 1));
        List<Apply> reductions = reductions(reduced);
        assertThat(reductions).hasSize(1);
        assertThat(reductions.get(0).inputs().get(0).shape()).isEqualTo(Shape.of(4, 6));
    }

    @Test
    void axesApartAreReducedOneAfterTheOther() {
        List<Apply> reductions = reductions(Rules.apply(new ReduceToLastAxis(), Tensors.max(cube, 0, 2)));
        assertThat(reductions)
                .extracting(apply -> apply.inputs().get(0).shape())
                .containsExactly(Shape.of(2, 3, 4), Shape.of(3, 1, 2));
    }

    @Test
    void softmaxBecomesTwoReductions() {
        Tensor softmax = Rules.apply(new SoftmaxToReductions(), Tensors.softmax(x, 0));
        assertThat(reductions(softmax))
                .extracting(apply -> ((Op.Reduce) apply.op()).combine())
                .containsExactly(ReduceOp.SUPREMUM, ReduceOp.SUM);
        Tensor nothing = floats("e", Dim.of(2), Dim.of(0));
        assertThat(Rules.apply(new SoftmaxToReductions(), Tensors.softmax(nothing, 1)))
                .isSameAs(nothing);
        assertUnchanged(new SoftmaxToReductions(), Tensors.exp(x));
    }

    @Test
    void logSumExpShiftsByWhatNothingHasToo() {
        Rewrite rule = new LogSumExpToReductions();
        assertThat(reductions(Rules.apply(rule, Tensors.logsumexp(x))))
                .extracting(apply -> ((Op.Reduce) apply.op()).combine())
                .containsExactly(ReduceOp.SUPREMUM, ReduceOp.SUM);
        assertUnchanged(rule, Tensors.log(Tensors.sum(Tensors.exp(x))));
    }

    @Test
    void opOnASqueezedReductionIsDoneBeforeTheSqueeze() {
        Tensor squeezed = Tensors.squeeze(Reduction.SUM.of(matrix, Axes.of(1), true), 1);
        Tensor sunk = Rules.apply(new SinkSqueezes(), Tensors.sqrt(squeezed));
        assertThat(sunk.owner().op()).isEqualTo(new Op.DimShuffle(List.of(0)));
        assertThat(sunk.owner().inputs().get(0).toString()).isEqualTo("sqrt(sum(m, axis=1, keepdims=True))");
        assertUnchanged(new SinkSqueezes(), Tensors.sqrt(Tensors.squeeze(floats("k", N, Dim.ONE), 1)));
        assertUnchanged(new SinkSqueezes(), Tensors.add(matrix, Tensors.squeeze(Tensors.exp(floats("s", Dim.ONE)), 0)));
    }

    @Test
    void opOnAReductionOverTheFirstAxisIsDoneTransposed() {
        Tensor rows = Tensors.transpose(matrix);
        Tensor mean = Tensors.transpose(Reduction.MEAN.of(rows, Axes.of(1), true));
        assertThat(Rules.apply(List.of(new AlignWithReduction(), new CollapseDimShuffles()), Tensors.sub(matrix, mean))
                        .toString())
                .isEqualTo("transpose(transpose(m) - mean(transpose(m), axis=1, keepdims=True))");
        assertUnchanged(
                new AlignWithReduction(), Tensors.sub(matrix, Tensors.transpose(floats("k", Dim.of(3), Dim.ONE))));
    }

    @Test
    void viewsMoveToWhatAReducedValueIsComputedOf() {
        Rewrite rule = new LiftViewsOverElementwise();
        Tensor powers = Tensors.exp(matrix);
        Tensor sum = Reduction.SUM.of(Tensors.transpose(powers), Axes.of(1), true);
        assertThat(text(rule, sum)).isEqualTo("sum(exp(transpose(m)), axis=1, keepdims=True)");
        assertThat(Rules.texts(rule, powers, sum)).element(1).asString().contains("transpose(exp(m))");
        Tensor flat = Tensors.flatten(Tensors.mul(matrix, floats("r", Dim.of(3))));
        assertUnchanged(rule, Reduction.SUM.of(flat, Axes.of(0), true));
    }

    @Test
    void everyCompositionAlongOneAxisIsOneProgram() {
        for (Tensor value : List.of(
                Tensors.softmax(matrix, 0),
                Tensors.softmax(matrix, 1),
                Tensors.logSoftmax(matrix, 0),
                Tensors.layerNorm(matrix, 0, null, null, 1e-5),
                Tensors.layerNorm(matrix, 1, null, null, 1e-5),
                Tensors.std(matrix, 0),
                Tensors.var(cube),
                Tensors.logsumexp(cube, 0, 1),
                Tensors.div(x, Tensors.norm(x)))) {
            Tensor rewritten =
                    GraphRewriter.rewrite(Graph.of("y", value)).outputs().get(0).value();
            assertThat(count(Op.Fused.class, rewritten)).as("%s", value).isEqualTo(1);
        }
    }
}
