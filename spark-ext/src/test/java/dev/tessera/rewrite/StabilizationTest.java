package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.floats;
import static dev.tessera.rewrite.Rules.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Axes;
import dev.tessera.expr.Reduction;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.Dim;
import org.junit.jupiter.api.Test;

class StabilizationTest {
    private final Tensor x = floats("x", N);
    private final Tensor matrix = floats("m", N, Dim.of(3));
    private final Tensor one = Tensors.weak(1);

    private void assertUnchanged(Rewrite rule, Tensor value) {
        assertThat(Rules.apply(rule, value)).isSameAs(value);
    }

    @Test
    void logarithmOfSoftmax() {
        Rewrite rule = new LogOfSoftmaxToLogSoftmax();
        assertThat(text(rule, Tensors.log(Tensors.softmax(matrix, 0)))).isEqualTo("log_softmax(m, axis=0)");
        assertUnchanged(rule, Tensors.log(Tensors.logSoftmax(x, 0)));
        assertUnchanged(rule, Tensors.log2(Tensors.softmax(x, 0)));
    }

    @Test
    void logarithmOfSumOfExponentials() {
        Rewrite rule = new LogOfSumOfExpToLogSumExp();
        Tensor sum = Tensors.sum(Tensors.exp(matrix), 1);
        assertThat(text(rule, Tensors.log(sum))).isEqualTo("logsumexp(m, axis=1)");
        assertUnchanged(rule, Tensors.log(Tensors.mean(Tensors.exp(matrix), 1)));
        assertUnchanged(rule, Tensors.log(Tensors.sum(matrix, 1)));
    }

    @Test
    void exponentialOverItsSum() {
        Rewrite rule = new ExpOverSumToSoftmax();
        Tensor powers = Tensors.exp(matrix);
        Tensor sum = Reduction.SUM.of(powers, Axes.of(1), true);
        assertThat(text(rule, Tensors.div(powers, sum))).isEqualTo("softmax(m)");
        assertUnchanged(rule, Tensors.div(powers, Reduction.SUM.of(powers, Axes.ALL, true)));
        assertUnchanged(rule, Tensors.div(powers, Reduction.MAX.of(powers, Axes.of(1), true)));
        assertUnchanged(rule, Tensors.div(Tensors.exp(Tensors.neg(matrix)), sum));
    }

    @Test
    void logarithmOfOnePlus() {
        Rewrite rule = new LogOfOnePlusToLog1p();
        assertThat(text(rule, Tensors.log(Tensors.add(one, x)))).isEqualTo("log1p(x)");
        assertThat(text(rule, Tensors.log(Tensors.add(x, one)))).isEqualTo("log1p(x)");
        assertUnchanged(rule, Tensors.log(Tensors.add(x, Tensors.weak(2))));
        Tensor ones = Tensors.constant(new float[] {1}, 1);
        assertUnchanged(rule, Tensors.log(Tensors.add(ones, floats("s"))));
    }

    @Test
    void exponentialMinusOne() {
        Rewrite rule = new ExpMinusOneToExpm1();
        assertThat(text(rule, Tensors.sub(Tensors.exp(x), one))).isEqualTo("expm1(x)");
        assertThat(text(rule, Tensors.add(Tensors.exp(x), Tensors.weak(-1)))).isEqualTo("expm1(x)");
        assertUnchanged(rule, Tensors.sub(one, Tensors.exp(x)));
    }

    @Test
    void reciprocalOfOnePlusExponential() {
        Rewrite rule = new ReciprocalToSigmoid();
        Tensor sum = Tensors.add(one, Tensors.exp(Tensors.neg(x)));
        assertThat(text(rule, Tensors.reciprocal(sum))).isEqualTo("sigmoid(x)");
        assertUnchanged(rule, Tensors.reciprocal(Tensors.add(one, Tensors.exp(x))));
    }

    @Test
    void logarithmOfOnePlusExponential() {
        Rewrite rule = new Log1pOfExpToSoftplus();
        assertThat(text(rule, Tensors.log1p(Tensors.exp(x)))).isEqualTo("softplus(x)");
        assertUnchanged(rule, Tensors.log1p(Tensors.expm1(x)));
    }

    @Test
    void logarithmOfSigmoid() {
        Rewrite rule = new LogOfSigmoidToSoftplus();
        Tensor sigmoid = Tensors.sigmoid(x);
        assertThat(text(rule, Tensors.log(sigmoid))).isEqualTo("-softplus(-x)");
        assertThat(text(rule, Tensors.log(Tensors.sub(one, sigmoid)))).isEqualTo("-softplus(x)");
        assertUnchanged(rule, Tensors.log(Tensors.sub(sigmoid, one)));
        assertUnchanged(rule, Tensors.log(Tensors.tanh(x)));
    }

    @Test
    void squareRootOfSquare() {
        Rewrite rule = new SqrtOfSquareToAbs();
        assertThat(text(rule, Tensors.sqrt(Tensors.square(x)))).isEqualTo("abs(x)");
        assertUnchanged(rule, Tensors.square(Tensors.sqrt(x)));
        assertUnchanged(rule, Tensors.norm(x));
    }
}
