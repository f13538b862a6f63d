package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.floats;
import static dev.tessera.rewrite.Rules.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Op;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductRewritesTest {
    private final Tensor a = floats("a", Dim.of(2), Dim.of(100));
    private final Tensor b = floats("b", Dim.of(100), Dim.of(50));
    private final Tensor c = floats("c", Dim.of(50), Dim.of(3));
    private final Parameter w = Tensors.parameter("w", DType.FLOAT32, Dim.of(3), Dim.of(5));
    private final Parameter bias = Tensors.parameter("bias", DType.FLOAT32, Dim.of(5));

    private void assertUnchanged(Rewrite rule, Tensor value) {
        assertThat(Rules.apply(rule, value)).isSameAs(value);
    }

    @Test
    void chainIsMultipliedFromTheNarrowEnd() {
        Rewrite rule = new ReorderMatMulChain();
        Tensor narrowLast = Tensors.matmul(floats("d", Dim.of(100), Dim.of(100)), b);
        assertThat(text(rule, Tensors.matmul(narrowLast, c))).isEqualTo("d @ (b @ c)");
        assertUnchanged(rule, Tensors.matmul(Tensors.matmul(a, b), c));
    }

    @Test
    void productsOfInvariantsAreNearlyFree() {
        Tensor x = floats("x", Dim.of(1), Dim.of(100));
        Tensor first = Tensors.parameter("p", DType.FLOAT32, Dim.of(100), Dim.of(80));
        Tensor second = Tensors.parameter("q", DType.FLOAT32, Dim.of(80), Dim.of(10));
        assertThat(text(new ReorderMatMulChain(), Tensors.matmul(Tensors.matmul(x, first), second)))
                .isEqualTo("x @ (p @ q)");
    }

    @Test
    void chainStaysWhereAProductIsReadOrASizeUnknownOrRoundingIsNone() {
        Rewrite rule = new ReorderMatMulChain();
        Tensor square = floats("d", Dim.of(100), Dim.of(100));
        Tensor product = Tensors.matmul(square, b);
        assertThat(Rules.texts(rule, product, Tensors.matmul(product, c))).containsExactly("d @ b", "d @ b @ c");
        assertUnchanged(rule, Tensors.matmul(Tensors.matmul(floats("u", N, Dim.of(100)), b), c));
    }

    @Test
    void productPlusBiasBecomesGemm() {
        Rewrite rule = new MatMulAddToGemm();
        Tensor x = floats("x", N, Dim.of(3));
        assertThat(text(rule, Tensors.add(Tensors.matmul(x, w), bias))).isEqualTo("gemm(x, w, bias)");
        assertThat(text(rule, Tensors.add(bias, Tensors.matmul(x, w)))).isEqualTo("gemm(x, w, bias)");
        Tensor vector = floats("v", Dim.of(3));
        assertThat(Rules.count(Op.Gemm.class, Rules.apply(rule, Tensors.add(Tensors.matmul(vector, w), bias))))
                .isEqualTo(1);
    }

    @Test
    void gemmDoesNotTakeABiasThatWidensOrAProductThatOthersRead() {
        Rewrite rule = new MatMulAddToGemm();
        Tensor product = Tensors.matmul(floats("x", Dim.of(1), Dim.of(3)), w);
        assertUnchanged(rule, Tensors.add(product, floats("wide", Dim.of(4), Dim.of(5))));
        Tensor sum = Tensors.add(product, bias);
        assertThat(Rules.texts(rule, product, sum)).containsExactly("x @ w", "x @ w + bias");
        Tensor invariant = Tensors.matmul(Tensors.parameter("p", DType.FLOAT32, Dim.of(2), Dim.of(3)), w);
        assertUnchanged(rule, Tensors.add(invariant, floats("x", Dim.of(5))));
        Tensor integers = Tensors.matmul(Rules.ints("i", Dim.of(2), Dim.of(3)), Rules.ints("j", Dim.of(3), Dim.of(2)));
        assertUnchanged(rule, Tensors.add(integers, Rules.ints("k", Dim.of(2))));
    }

    @Test
    void activationJoinsGemm() {
        List<Rewrite> rules = List.of(new MatMulAddToGemm(), new GemmActivation());
        Tensor x = floats("x", N, Dim.of(3));
        Tensor dense = Rules.apply(rules, Tensors.relu(Tensors.add(Tensors.matmul(x, w), bias)));
        assertThat(dense.owner().op()).isEqualTo(new Op.Gemm(true, ScalarOp.RELU));
        Tensor plain = Rules.apply(rules, Tensors.tanh(Tensors.matmul(x, w)));
        assertThat(plain.owner().op()).isEqualTo(new Op.Gemm(false, ScalarOp.TANH));
    }

    @Test
    void activationStaysWhereTheDtypeChangesOrOthersReadTheSum() {
        Rewrite rule = new GemmActivation();
        Tensor product = Tensors.matmul(floats("x", N, Dim.of(3)), w);
        assertUnchanged(rule, Tensors.isnan(product));
        assertUnchanged(rule, Tensors.mul(product, Tensors.relu(product)));
        assertUnchanged(rule, Tensors.relu(Rules.apply(rule, Tensors.relu(product))));
    }

    @Test
    void productWithItsTransposeBecomesSyrk() {
        Rewrite rule = new MatMulToSyrk();
        Tensor x = floats("x", N, Dim.of(3));
        assertThat(text(rule, Tensors.matmul(x, Tensors.transpose(x)))).isEqualTo("syrk(x)");
        assertThat(text(rule, Tensors.matmul(Tensors.transpose(x), x))).isEqualTo("syrk(transpose(x))");
        Tensor square = floats("s", Dim.of(3), Dim.of(3));
        assertUnchanged(rule, Tensors.matmul(square, square));
        assertUnchanged(rule, Tensors.matmul(x, Tensors.transpose(floats("y", N, Dim.of(3)))));
        Tensor i = Rules.ints("i", Dim.of(2), Dim.of(3));
        assertUnchanged(rule, Tensors.matmul(i, Tensors.transpose(i)));
        Tensor cube = floats("c", Dim.of(3), Dim.of(3), Dim.of(3));
        assertUnchanged(rule, Tensors.matmul(cube, Tensors.transpose(cube)));
    }
}
