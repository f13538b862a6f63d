package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.floats;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Axes;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.RowProgram;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuseElementwiseTest {
    private final Tensor x = floats("x", N);
    private final Tensor y = floats("y", N);

    private static List<Apply> fused(Tensor... outputs) {
        Graph.Output[] named = new Graph.Output[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            named[i] = new Graph.Output("y" + i, outputs[i]);
        }
        return Rules.apply(List.of(new FuseElementwise()), Graph.of(named)).toposort();
    }

    private static RowProgram program(Apply apply) {
        return ((Op.Fused) apply.op()).program();
    }

    @Test
    void chainBecomesOneProgramThatReadsEachInputOnce() {
        List<Apply> applies = fused(Tensors.mul(Tensors.exp(x), Tensors.add(Tensors.neg(x), y)));
        assertThat(applies).hasSize(1);
        assertThat(applies.get(0).inputs()).containsExactlyInAnyOrder(x, y);
        assertThat(program(applies.get(0)).outputs()).hasSize(1);
    }

    @Test
    void reductionsAndWhatFollowsThemJoin() {
        Tensor shifted = Tensors.sub(x, Reduction.MAX.of(x, Axes.of(0), true));
        List<Apply> applies = fused(Tensors.div(shifted, Reduction.SUM.of(Tensors.exp(shifted), Axes.of(0), true)));
        assertThat(applies).hasSize(1);
        assertThat(program(applies.get(0)).hasReductions()).isTrue();
    }

    @Test
    void scalarConstantsBecomeImmediates() {
        List<Apply> applies = fused(Tensors.exp(Tensors.mul(x, Tensors.weak(2))));
        assertThat(applies.get(0).inputs()).containsExactly(x);
        assertThat(program(applies.get(0)).instructions()).anyMatch(RowProgram.Immediate.class::isInstance);
    }

    @Test
    void valueThatIsReadElsewhereIsAnotherOutputAndComputedOnce() {
        Tensor powers = Tensors.exp(x);
        List<Apply> applies = fused(powers, Tensors.add(powers, y));
        assertThat(applies).hasSize(1);
        assertThat(applies.get(0).outputs()).hasSize(2);
        assertThat(program(applies.get(0)).instructions().stream().filter(RowProgram.Map.class::isInstance))
                .hasSize(2);
    }

    @Test
    void smallerArgumentIsNotComputedAgainForEveryRow() {
        Tensor matrix = floats("m", Dim.of(5), N);
        List<Apply> applies = fused(Tensors.add(matrix, Tensors.sin(Tensors.exp(x))));
        assertThat(applies).hasSize(2);
        assertThat(applies.get(0).output().type()).isEqualTo(x.type());
    }

    @Test
    void oneNumberForEachRunOfTheAxisJoins() {
        Tensor matrix = floats("m", Dim.of(5), N);
        Tensor column = floats("c", Dim.of(5), Dim.ONE);
        List<Apply> applies = fused(Tensors.add(matrix, Tensors.exp(column)));
        assertThat(applies).hasSize(1);
        assertThat(program(applies.get(0)).inputs())
                .contains(new RowProgram.Input(DType.FLOAT32, false), new RowProgram.Input(DType.FLOAT32, true));
    }

    @Test
    void invariantArgumentStaysApart() {
        Tensor p = Tensors.parameter("p", DType.FLOAT32, Dim.of(4));
        Tensor v = floats("v", Dim.of(4));
        List<Apply> applies = fused(Tensors.mul(Tensors.exp(v), Tensors.sin(Tensors.exp(p))));
        assertThat(applies).hasSize(2);
        assertThat(applies.get(0).inputs()).containsExactly(p);
    }

    @Test
    void programDoesNotReadWhatNeedsItself() {
        Tensor m = floats("m", Dim.of(3), Dim.of(3));
        Tensor powers = Tensors.exp(m);
        Tensor product = Tensors.matmul(powers, powers);
        List<Apply> applies = fused(Tensors.add(powers, Tensors.neg(product)));
        assertThat(applies).hasSize(3);
        assertThat(applies.get(1).op()).isInstanceOf(Op.MatMul.class);
        assertThat(applies.get(2).inputs()).hasSize(2);
    }

    @Test
    void sizesOfTwoNamesStayApart() {
        Tensor k = floats("k", Dim.named("k"));
        Tensor sum = Tensors.add(Tensors.exp(x), k);
        assertThat(fused(sum)).hasSize(2);
    }

    @Test
    void longChainBecomesBoundedPrograms() {
        Tensor value = x;
        for (int i = 0; i < 20_000; i++) {
            value = i % 2 == 0 ? Tensors.sin(value) : Tensors.add(value, y);
        }
        List<Apply> applies = fused(value);
        assertThat(applies).hasSizeBetween(100, 1000);
        assertThat(applies).allMatch(apply -> program(apply).instructions().size() <= 100);
    }
}
