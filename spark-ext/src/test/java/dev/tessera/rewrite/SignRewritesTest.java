package dev.tessera.rewrite;

import static dev.tessera.rewrite.Rules.N;
import static dev.tessera.rewrite.Rules.floats;
import static dev.tessera.rewrite.Rules.ints;
import static dev.tessera.rewrite.Rules.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import org.junit.jupiter.api.Test;

/** Rules about negations, comparisons and quotients. */
class SignRewritesTest {
    private final Tensor x = floats("x", N);
    private final Tensor y = floats("y", N);
    private final Tensor i = ints("i", N);
    private final Tensor j = ints("j", N);

    private static void assertUnchanged(Rewrite rule, Tensor value) {
        assertThat(Rules.apply(rule, value)).isSameAs(value);
    }

    @Test
    void negationsAreAbsorbed() {
        Rewrite rule = new AbsorbNegations();
        assertThat(text(rule, Tensors.add(x, Tensors.neg(y)))).isEqualTo("x - y");
        assertThat(text(rule, Tensors.add(Tensors.neg(x), y))).isEqualTo("y - x");
        assertThat(text(rule, Tensors.sub(i, Tensors.neg(j)))).isEqualTo("i + j");
        assertThat(text(rule, Tensors.mul(Tensors.neg(x), Tensors.neg(y)))).isEqualTo("x * y");
        assertThat(text(rule, Tensors.div(Tensors.neg(x), Tensors.neg(y)))).isEqualTo("x / y");
    }

    @Test
    void negationThatChangesAZeroOrAQuotientStays() {
        Rewrite rule = new AbsorbNegations();
        assertUnchanged(rule, Tensors.neg(Tensors.sub(x, y)));
        assertUnchanged(rule, Tensors.sub(Tensors.neg(x), y));
        assertUnchanged(rule, Tensors.mul(Tensors.neg(x), y));
        assertUnchanged(rule, Tensors.floorDivide(Tensors.neg(i), Tensors.neg(j)));
    }

    @Test
    void notOfAComparisonBecomesItsOpposite() {
        Rewrite rule = new NotOfComparisonToOpposite();
        assertThat(text(rule, Tensors.logicalNot(Tensors.apply(ScalarOp.EQUAL, x, y))))
                .isEqualTo("x != y");
        assertThat(text(rule, Tensors.logicalNot(Tensors.apply(ScalarOp.LESS, i, j))))
                .isEqualTo("i >= j");
        assertThat(text(rule, Tensors.logicalNot(Tensors.apply(ScalarOp.GREATER_EQUAL, i, j))))
                .isEqualTo("i < j");
    }

    @Test
    void notOfAnOrderOfFloatsStaysForNan() {
        Rewrite rule = new NotOfComparisonToOpposite();
        assertUnchanged(rule, Tensors.logicalNot(Tensors.apply(ScalarOp.LESS, x, y)));
        assertUnchanged(rule, Tensors.logicalNot(Tensors.isnan(x)));
        Tensor isEqual = Tensors.apply(ScalarOp.EQUAL, x, y);
        assertThat(Rules.texts(rule, isEqual, Tensors.logicalNot(isEqual))).containsExactly("x == y", "~(x == y)");
    }

    @Test
    void choicesOfANegatedConditionSwap() {
        Rewrite rule = new SwapWhereOfNot();
        Tensor condition = Tensors.variable("c", DType.BOOL, N);
        assertThat(text(rule, Tensors.where(Tensors.logicalNot(condition), x, y)))
                .isEqualTo("where(c, y, x)");
        assertUnchanged(rule, Tensors.where(condition, x, y));
    }

    @Test
    void extremeOfTheSameGoes() {
        Rewrite rule = new DropRepeats();
        assertThat(Rules.apply(rule, Tensors.maximum(x, x))).isSameAs(x);
        assertUnchanged(rule, Tensors.maximum(x, y));
        assertUnchanged(rule, Tensors.add(x, x));
    }

    @Test
    void quotientByAPowerOfTwoBecomesAProduct() {
        Rewrite rule = new DivideByPowerOfTwoToMultiply();
        assertThat(text(rule, Tensors.div(x, Tensors.weak(8)))).isEqualTo("x * 0.125");
        assertThat(text(rule, Tensors.div(x, Tensors.weak(-0.5)))).isEqualTo("x * -2.0");
    }

    @Test
    void quotientThatTheProductWouldRoundOtherwiseStays() {
        Rewrite rule = new DivideByPowerOfTwoToMultiply();
        for (float divisor : new float[] {3, 0, Float.NaN, Float.POSITIVE_INFINITY, 0x1p-140f, 0x1p127f}) {
            assertUnchanged(rule, Tensors.div(x, Tensors.constant(divisor)));
        }
        assertUnchanged(rule, Tensors.div(Tensors.constant(8f), x));
        assertUnchanged(rule, Tensors.floorDivide(i, Tensors.weak(8)));
    }
}
