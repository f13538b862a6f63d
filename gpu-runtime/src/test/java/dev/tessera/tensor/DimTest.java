package dev.tessera.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DimTest {
    private static final Dim N = Dim.named("n");
    private static final Dim M = Dim.named("m");

    @Test
    void equalPolynomialsAreEqualHoweverTheyWereBuilt() {
        assertThat(N.plus(N)).isEqualTo(N.times(2)).hasSameHashCodeAs(N.times(2));
        assertThat(N.plus(1).times(N.minus(Dim.ONE))).isEqualTo(N.times(N).plus(-1));
        assertThat(N.times(M)).isEqualTo(M.times(N));
        assertThat(N.plus(M).minus(M)).isEqualTo(N);
        assertThat(N.minus(N)).isSameAs(Dim.ZERO);
        assertThat(N).isNotEqualTo(M);
    }

    @Test
    void textIsCanonicalWithTheConstantLast() {
        assertThat(Dim.of(3).plus(N.times(M).times(2)).plus(M)).hasToString("m + 2*m*n + 3");
        assertThat(Dim.max(N, M).plus(1)).hasToString("max(m, n) + 1");
        assertThat(Dim.of(-2)).hasToString("-2");
    }

    @Test
    void knownDimsHaveASize() {
        assertThat(Dim.of(7).size()).isEqualTo(7);
        assertThat(Dim.ZERO.size()).isZero();
        assertThat(Dim.of(7).isKnown(7)).isTrue();
        assertThat(N.isKnown()).isFalse();
        assertThat(N.isKnown(0)).isFalse();
        assertThat(N.knownSize()).isEmpty();
        assertThat(N.minus(N).plus(4).knownSize()).hasValue(4);
        assertThatThrownBy(N::size).hasMessageContaining("n is not known");
    }

    @Test
    void divisionStaysAPolynomialWhereItIsExact() {
        assertThat(N.times(6).plus(4).floorDivide(2)).isEqualTo(N.times(3).plus(2));
        assertThat(N.plus(1).floorDivide(2)).hasToString("floordiv(n + 1, 2)");
        assertThat(Dim.of(-7).floorDivide(2)).isEqualTo(Dim.of(-4));
        assertThat(Dim.of(7).ceilDivide(2)).isEqualTo(Dim.of(4));
        assertThat(N.ceilDivide(1)).isEqualTo(N);
        assertThatThrownBy(() -> N.floorDivide(0)).hasMessageContaining("must be positive");
    }

    @Test
    void extremesFoldWhereOneSideIsNeverSmaller() {
        assertThat(Dim.max(N, N.plus(3))).isEqualTo(N.plus(3));
        assertThat(Dim.min(N, N.plus(3))).isEqualTo(N);
        assertThat(Dim.max(Dim.ZERO, N)).isEqualTo(N);
        assertThat(Dim.max(N, N)).isEqualTo(N);
        assertThat(Dim.max(N, M)).isEqualTo(Dim.max(M, N));
        assertThat(Dim.max(Dim.ZERO, N.plus(-1))).hasToString("max(0, n + -1)");
        assertThat(Dim.min(Dim.of(3), Dim.of(2))).isEqualTo(Dim.of(2));
    }

    @Test
    void callsAreNotTakenForWhatIsNeverNegative() {
        Dim difference = Dim.min(N, M.plus(-5));

        assertThat(Dim.max(difference.plus(1), Dim.ONE)).isNotEqualTo(difference.plus(1));
    }

    @Test
    void sizesOfAnUnknownComeFromTheBinding() {
        DimBinding binding = new DimBinding(Map.of("n", 5L, "m", 3L));

        assertThat(N.times(M).plus(N).evaluate(binding)).isEqualTo(20);
        assertThat(Dim.max(N, M.times(2)).floorDivide(4).evaluate(binding)).isEqualTo(1);
        assertThat(Dim.named("k").names()).containsExactly("k");
        assertThat(Dim.max(N, Dim.min(M, Dim.named("k"))).names()).containsExactly("k", "m", "n");
        assertThatThrownBy(() -> Dim.named("k").evaluate(binding))
                .hasMessageContaining("Cannot evaluate dim 'k'")
                .hasMessageContaining("[m, n]");
    }

    @Test
    void overflowIsNeverSilent() {
        DimBinding huge = new DimBinding(Map.of("n", Long.MAX_VALUE));

        assertThatThrownBy(() -> N.plus(1).evaluate(huge)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> N.times(N).evaluate(huge)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Dim.of(Long.MAX_VALUE).plus(1)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Dim.of(Long.MIN_VALUE).times(N).times(2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Dim.call(Dim.Function.FLOOR_DIVIDE, Dim.of(Long.MIN_VALUE), Dim.of(-1)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Dim.call(Dim.Function.FLOOR_DIVIDE, Dim.ONE, Dim.ZERO))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void termsAndTextAreBounded() {
        List<Dim.Term> terms = LongStream.rangeClosed(0, Dim.MAX_TERMS)
                .mapToObj(i -> new Dim.Term(1, List.of(new Dim.Named("x" + i))))
                .toList();

        assertThat(Dim.ofTerms(terms.subList(1, terms.size())).terms()).hasSize(Dim.MAX_TERMS);
        assertThatThrownBy(() -> Dim.ofTerms(terms)).hasMessageContaining("at most 64 terms");
        Dim doubled = N;
        for (int i = 0; i < 11; i++) {
            doubled = doubled.times(doubled);
        }
        Dim long2048 = doubled;
        assertThatThrownBy(() -> long2048.times(long2048)).hasMessageContaining("4096 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1n", "n m", "n*", "max(n", "n,"})
    void namesAreIdentifiers(String name) {
        assertThatThrownBy(() -> Dim.named(name)).hasMessageContaining("Cannot name a dim '%s'", name);
    }

    @Test
    void namesAreBounded() {
        assertThat(Dim.named("n".repeat(Dim.MAX_NAME_LENGTH)).isKnown()).isFalse();
        assertThatThrownBy(() -> Dim.named("n".repeat(Dim.MAX_NAME_LENGTH + 1))).hasMessageContaining("Cannot name");
    }

    @Test
    void wireCodesOfFunctionsLeadBack() {
        for (Dim.Function function : Dim.Function.values()) {
            assertThat(Dim.Function.ofWireCode(function.wireCode())).isSameAs(function);
        }
        assertThatThrownBy(() -> Dim.Function.ofWireCode(0)).hasMessageContaining("unknown code 0");
    }

    /** Algebra commutes with evaluation: the value of the sum is the sum of the values, and so on. */
    @Test
    void valueOfAnExpressionIsTheExpressionOfValues() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 2000; round++) {
            DimBinding binding = new DimBinding(Map.of("n", random.nextLong(20), "m", random.nextLong(20)));
            Dim left = random(random, 3);
            Dim right = random(random, 3);
            check(left, right, binding, Dim::plus, Long::sum);
            check(left, right, binding, Dim::minus, (a, b) -> a - b);
            check(left, right, binding, Dim::times, (a, b) -> a * b);
            check(left, right, binding, Dim::max, Math::max);
            check(left, right, binding, Dim::min, Math::min);
            long divisor = random.nextLong(1, 5);
            assertThat(left.floorDivide(divisor).evaluate(binding))
                    .isEqualTo(Math.floorDiv(left.evaluate(binding), divisor));
        }
    }

    private static void check(
            Dim left, Dim right, DimBinding binding, BinaryOperator<Dim> symbolic, LongBinaryOperator numeric) {
        assertThat(symbolic.apply(left, right).evaluate(binding))
                .as("%s and %s with %s", left, right, binding)
                .isEqualTo(numeric.applyAsLong(left.evaluate(binding), right.evaluate(binding)));
    }

    private static Dim random(SplittableRandom random, int depth) {
        if (depth == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> N;
                case 1 -> M;
                default -> Dim.of(random.nextLong(-3, 4));
            };
        }
        Dim left = random(random, depth - 1);
        Dim right = random(random, random.nextInt(depth));
        return switch (random.nextInt(5)) {
            case 0 -> left.plus(right);
            case 1 -> left.minus(right);
            case 2 -> depth < 3 ? left.times(right) : left;
            case 3 -> Dim.max(left, right);
            default -> Dim.min(left, right);
        };
    }
}
