package dev.tessera.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Axes;
import dev.tessera.expr.Op;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropUnitReductionsTest {
    private static final Variable X = Tensors.variable("x", DType.FLOAT64, Dim.of(3), Dim.ONE, Dim.named("n"));

    private static Tensor rewritten(Tensor value) {
        return Rules.apply(new DropUnitReductions(), value);
    }

    @Test
    void reductionOverAUnitAxisBecomesItsArgument() {
        assertThat(rewritten(Reduction.MAX.of(X, Axes.of(1), true))).isSameAs(X);
        assertThat(rewritten(Reduction.MEAN.of(X, Axes.of(1), false)).owner().op())
                .isEqualTo(new Op.DimShuffle(List.of(0, 2)));
    }

    @Test
    void unitAxisIsTakenOutOfSeveral() {
        Apply squeeze = rewritten(Reduction.SUM.of(X, Axes.of(1, 2), false)).owner();

        assertThat(squeeze.op()).isEqualTo(new Op.DimShuffle(List.of(0)));
        assertThat(((Op.Reduce) squeeze.inputs().get(0).owner().op()).axes()).containsExactly(2);
    }

    @Test
    void positionAlongAUnitAxisBecomes0() {
        Tensor position = rewritten(Reduction.ARGMAX.of(X, Axes.of(1), true));

        assertThat(position.owner().op()).isInstanceOf(Op.BroadcastTo.class);
        assertThat(position.type())
                .isEqualTo(Reduction.ARGMAX.of(X, Axes.of(1), true).type());
    }

    @Test
    void doesNotFireOnOtherAxes() {
        Tensor sum = Reduction.SUM.of(X, Axes.of(0, 2), true);

        assertThat(rewritten(sum)).isSameAs(sum);
    }
}
