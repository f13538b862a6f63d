package dev.tessera.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.eval.ReferenceEvaluator;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EinsumTest {
    private static final Dim N = Dim.named("n");

    private static Variable variable(String name, Dim... dims) {
        return Tensors.variable(name, DType.FLOAT64, dims);
    }

    private static List<Op> ops(Tensor value) {
        return Graph.of("y", value).toposort().stream().map(Apply::op).toList();
    }

    @Test
    void productOfMatricesIsOneMatMul() {
        Tensor product = Tensors.einsum("ij,jk->ik", variable("a", N, Dim.of(3)), variable("b", Dim.of(3), Dim.of(4)));

        assertThat(ops(product)).containsExactly(new Op.MatMul());
        assertThat(product.shape()).hasToString("[n, 4]");
    }

    @Test
    void batchedProductOfTransposedMatricesIsViewsAndOneMatMul() {
        Variable a = variable("a", N, Dim.of(3), Dim.of(2));
        Variable b = variable("b", N, Dim.of(3), Dim.of(4));

        Tensor product = Tensors.einsum("bji,bjk->bik", a, b);

        assertThat(ops(product)).containsExactly(new Op.DimShuffle(List.of(0, 2, 1)), new Op.MatMul());
        assertThat(product.shape()).hasToString("[n, 2, 4]");
    }

    @Test
    void unknownDimsOfOneLabelAreHeldEqual() {
        Variable a = variable("a", N, Dim.of(3));
        Variable b = variable("b", Dim.of(5), Dim.named("m"));
        Graph graph = Graph.of("y", Tensors.einsum("ij,ij->j", a, b));
        HostTensor values = HostTensor.zeros(DType.FLOAT64, 5, 3);
        for (int i = 0; i < 15; i++) {
            values.setDouble(i, i);
        }

        // Column j has the elements j, j + 3, ..., j + 12.
        assertThat(ReferenceEvaluator.faithful()
                        .evaluate(graph, Map.of("a", values, "b", values))
                        .get(0)
                        .toDoubleArray())
                .containsExactly(9 + 36 + 81 + 144, 1 + 16 + 49 + 100 + 169, 4 + 25 + 64 + 121 + 196);
        HostTensor shorter = HostTensor.zeros(DType.FLOAT64, 4, 3);
        assertThatThrownBy(() -> ReferenceEvaluator.faithful().evaluate(graph, Map.of("a", shorter, "b", values)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("differ");
    }

    @Test
    void smallProductsComeFirst() {
        Tensor tall = variable("a", Dim.of(1000), Dim.of(10));
        Tensor wide = variable("b", Dim.of(10), Dim.of(1000));
        Tensor vector = variable("c", Dim.of(1000));

        Graph graph = Graph.of("y", Tensors.einsum("ij,jk,k->i", tall, wide, vector));

        // The product of the two matrices would have a million elements.
        for (Apply apply : graph.toposort()) {
            assertThat(apply.outputs().get(0).shape().elementCount().size()).isLessThanOrEqualTo(10_000);
        }
    }

    @Test
    void chainOfManyMatricesIsOneProductForEach() {
        Tensor[] chain = new Tensor[40];
        StringBuilder subscripts = new StringBuilder();
        for (int i = 0; i < chain.length; i++) {
            chain[i] = variable("a" + i, Dim.of(2), Dim.of(2));
            subscripts.append(i == 0 ? "" : ",").append(letter(i)).append(letter(i + 1));
        }

        Tensor result = Tensors.einsum(subscripts + "->" + letter(0) + letter(40), chain);

        assertThat(ops(result).stream().filter(Op.MatMul.class::isInstance)).hasSize(39);
        assertThat(result.shape()).hasToString("[2, 2]");
    }

    private static char letter(int i) {
        return (char) (i < 26 ? 'a' + i : 'A' + i - 26);
    }

    @Test
    void axesOfADiagonalMustAgree() {
        assertThatThrownBy(() -> Tensors.einsum("ii", variable("a", Dim.of(1), Dim.of(3))))
                .isInstanceOf(TensorTypeException.class)
                .hasMessage("Cannot apply einsum to float64[1, 3]: 'ii': 'i' has sizes 1 and 3 in one operand "
                        + "(in einsum(a))");
    }

    @Test
    void subscriptsThatFitNoOperandsAreRefused() {
        Tensor a = variable("a", Dim.of(2), Dim.of(2));

        assertThatThrownBy(() -> Tensors.einsum("i1", a)).hasMessageContaining("'1' is no letter");
        assertThatThrownBy(() -> Tensors.einsum("ijk", a)).hasMessageContaining("'ijk' names 3 axes of an operand");
        assertThatThrownBy(() -> Tensors.einsum("ij->ii", a)).hasMessageContaining("'i' is twice in the result");
        assertThatThrownBy(() -> Tensors.einsum("ij->k", a)).hasMessageContaining("'k' is in the result and in no");
        assertThatThrownBy(() -> Tensors.einsum("...j->j", a)).hasMessageContaining("the result has no '...'");
        assertThatThrownBy(() -> Tensors.einsum("......", a)).hasMessageContaining("no single '...'");
        assertThatThrownBy(() -> Tensors.einsum("")).hasMessageContaining("1 to 64 operands, not 0");
    }
}
