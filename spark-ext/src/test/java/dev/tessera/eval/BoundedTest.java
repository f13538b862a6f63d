package dev.tessera.eval;

import static dev.tessera.eval.Evaluations.f32;
import static dev.tessera.eval.Evaluations.f64;
import static dev.tessera.eval.Evaluations.i64;
import static dev.tessera.eval.Evaluations.wide;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.expr.Op;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the oracle accepts and what it refuses: a bound that is too wide tests nothing, one too narrow fails the right. */
class BoundedTest {
    private static final float NAN = Float.NaN;
    private static final float INF = Float.POSITIVE_INFINITY;
    private static final Op SUM = new Op.Reduce(ReduceOp.SUM, List.of(0), false);

    private static void assertAccepts(Bounded bounded, HostTensor... rightResults) {
        for (HostTensor result : rightResults) {
            assertThat(bounded.mismatch(result)).isEmpty();
        }
    }

    private static void assertRefuses(Bounded bounded, HostTensor... wrongResults) {
        for (HostTensor result : wrongResults) {
            assertThat(bounded.mismatch(result)).isPresent();
        }
    }

    private static HostTensor scalar(float value) {
        return HostTensor.scalar(value);
    }

    @Test
    void roundedFunctionsAcceptTheNearestFloatOnly() {
        Bounded third = wide(ScalarOp.DIVIDE, f32(1), f32(3));

        assertAccepts(third, f32(1f / 3));
        assertRefuses(third, f32(Math.nextUp(1f / 3)), f32(Math.nextDown(1f / 3)));
    }

    @Test
    void functionsAcceptWhatTheirAccuracyAllows() {
        Bounded e = wide(ScalarOp.EXP, f32(1));
        float nearest = (float) Math.E;

        assertAccepts(e, f32(nearest), f32(Math.nextUp(nearest)));
        assertRefuses(e, f32(nearest + 3 * Math.ulp(nearest)));
    }

    @Test
    void mismatchNamesTheElement() {
        Bounded x = wide(ScalarOp.NEGATIVE, HostTensor.of(new double[] {1, 2, 3, 4}, 2, 2));

        assertThat(x.mismatch(HostTensor.of(new double[] {-1, -2, -3, -5}, 2, 2)))
                .hasValueSatisfying(text -> assertThat(text).contains("at [1, 1]", "expected -4.0", "got -5.0"));
        assertThat(x.mismatch(f64(-1, -2, -3, -4)))
                .hasValueSatisfying(text -> assertThat(text).contains("expected float64[2, 2], got float64[4]"));
    }

    @Test
    void specialValuesAreExact() {
        Bounded result = wide(ScalarOp.ADD, f32(NAN, INF, 1), f32(1, 1, -INF));

        assertAccepts(result, f32(NAN, INF, -INF));
        assertRefuses(result, f32(1, INF, -INF), f32(NAN, Float.MAX_VALUE, -INF), f32(NAN, INF, INF));
        assertRefuses(wide(ScalarOp.ADD, f32(1), f32(1)), f32(NAN), f32(INF));
    }

    @Test
    void signOfAnExactZeroCounts() {
        assertAccepts(wide(ScalarOp.NEGATIVE, f32(0)), f32(-0.0f));
        assertRefuses(wide(ScalarOp.NEGATIVE, f32(0)), f32(0));
        assertRefuses(wide(ScalarOp.MULTIPLY, f64(-0.0), f64(2)), f64(0));
    }

    @Test
    void signOfZeroIsFreeInMinimumAndMaximum() {
        for (ScalarOp op : List.of(ScalarOp.MINIMUM, ScalarOp.MAXIMUM)) {
            assertAccepts(wide(op, f32(0), f32(-0.0f)), f32(0), f32(-0.0f));
        }
        assertAccepts(wide(ScalarOp.RELU, f32(-0.0f)), f32(0), f32(-0.0f));
        assertAccepts(wide(new Op.Reduce(ReduceOp.MAX, List.of(0), false), f32(0, -0.0f)), scalar(0), scalar(-0.0f));
    }

    @Test
    void signOfZeroThatIsFreeStaysSoInWhatFollows() {
        Bounded reciprocal = wide(x -> Tensors.reciprocal(Tensors.maximum(x.get(0), x.get(1))), f32(0), f32(-0.0f));
        Bounded floor = wide(x -> Tensors.floor(Tensors.maximum(x.get(0), x.get(1))), f32(0), f32(-0.0f));
        Bounded isZero = wide(x -> Tensors.eq(Tensors.relu(x.get(0)), Tensors.constant(0f)), f32(-1));

        assertAccepts(reciprocal, f32(INF), f32(-INF));
        assertAccepts(floor, f32(0), f32(-0.0f));
        assertRefuses(floor, f32(-1));
        assertAccepts(isZero, HostTensor.of(new boolean[] {true}));
        assertRefuses(isZero, HostTensor.of(new boolean[] {false}));
    }

    @Test
    void sumsAcceptAnyOrderOfAddition() {
        Bounded sum = wide(SUM, f32(0x1p24f, 1, 1, 1, 1));

        assertAccepts(sum, scalar(0x1p24f), scalar(0x1p24f + 4));
        assertRefuses(sum, scalar(0x1p24f + 16));
        assertThat(sum.expected(0)).isEqualTo(0x1p24 + 4);
    }

    @Test
    void sumsWithSpecialValuesAreExact() {
        assertAccepts(wide(SUM, f32(1, INF)), scalar(INF));
        assertRefuses(wide(SUM, f32(1, INF)), scalar(Float.MAX_VALUE), scalar(NAN));
        assertAccepts(wide(SUM, f32(INF, -INF)), scalar(NAN));
        assertRefuses(wide(SUM, f32(INF, -INF)), scalar(INF));
    }

    @Test
    void sumsThatMayOverflowOnTheirWayAreFree() {
        Bounded sum = wide(SUM, f32(Float.MAX_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE));

        assertAccepts(sum, scalar(Float.MAX_VALUE), scalar(INF), scalar(NAN));
    }

    @Test
    void productOfZeroAndWhatMayBeInfiniteIsFree() {
        // 1e20 * 1e20 - 1e20 * 1e20 may be NaN in float32, and NaN times 0 is NaN.
        Bounded free = wide(
                x -> {
                    Tensor square = Tensors.square(x.get(0));
                    return Tensors.matmul(Tensors.sub(square, square), x.get(1));
                },
                HostTensor.of(new float[] {1e20f}, 1, 1),
                HostTensor.of(new float[] {0}, 1, 1));

        assertAccepts(free, HostTensor.of(new float[] {NAN}, 1, 1));
    }

    @Test
    void boundedFunctionsOfWhatMayBeNaNAreFree() {
        // The product is within half a step of the overflow threshold: infinite or not, and so the difference NaN or
        // not.
        Bounded tanh = wide(
                x -> {
                    Tensor near = Tensors.mul(x.get(0), x.get(1));
                    return Tensors.tanh(Tensors.sub(near, near));
                },
                f32(Math.nextDown(Float.MAX_VALUE)),
                f32(1 + 0x1p-23f));

        assertAccepts(tanh, f32(0), f32(NAN));
    }

    @Test
    void comparisonOfValuesWithinTheirBoundsIsFree() {
        Bounded near = wide(x -> Tensors.lt(Tensors.exp(x.get(0)), x.get(1)), f32(1, 1), f32((float) Math.E, 3));

        assertAccepts(near, HostTensor.of(new boolean[] {true, true}), HostTensor.of(new boolean[] {false, true}));
        assertRefuses(near, HostTensor.of(new boolean[] {true, false}));
    }

    @Test
    void whereOnAFreeConditionAcceptsEitherSide() {
        Bounded chosen = wide(
                x -> Tensors.where(Tensors.lt(Tensors.exp(x.get(0)), x.get(1)), x.get(0), x.get(1)), f32(1), f32((float)
                        Math.E));

        assertAccepts(chosen, f32(1), f32((float) Math.E));
        assertRefuses(chosen, f32(-1));
    }

    @Test
    void truncationNextToAnIntegerAcceptsBothNeighbours() {
        Bounded truncated = wide(x -> Tensors.cast(Tensors.exp(x.get(0)), DType.INT64), f64(Math.log(5), 1));

        assertAccepts(truncated, i64(5, 2), i64(4, 2));
        assertRefuses(truncated, i64(7, 2), i64(5, 3));
    }

    @Test
    void positionOfContestedMaximumIsFree() {
        Op argmax = new Op.Reduce(ReduceOp.ARGMAX, List.of(0), false);
        Bounded contested = wide(x -> Tensors.argmax(Tensors.exp(x.get(0)), 0), f32(1, Math.nextUp(1f)));

        assertAccepts(
                contested,
                HostTensor.of(new long[] {0}).row(0),
                HostTensor.of(new long[] {1}).row(0));
        assertRefuses(
                wide(argmax, f32(1, Math.nextUp(1f))),
                HostTensor.of(new long[] {0}).row(0));
    }

    @Test
    void flooredQuotientIsExactBelow2To24() {
        Bounded quotient = wide(ScalarOp.FLOOR_DIVIDE, f32(7, 1, -7), f32(2, 0.1f, 2));

        // numpy.floor_divide(float32(1), float32(0.1)) is 9, for 0.1f is above 0.1.
        assertAccepts(quotient, f32(3, 9, -4));
        assertRefuses(quotient, f32(3, 10, -4));
    }

    @Test
    void integersAreExact() {
        assertRefuses(wide(ScalarOp.ADD, i64(1), i64(1)), i64(3));
        assertAccepts(wide(ScalarOp.ADD, i64(Long.MAX_VALUE), i64(1)), i64(Long.MIN_VALUE));
    }

    @Test
    void squaresOfSubnormalsAreWithinOneSubnormal() {
        Bounded product = wide(ScalarOp.MULTIPLY, f32(Float.MIN_VALUE), f32(0.75f));

        assertAccepts(product, f32(Float.MIN_VALUE));
        assertRefuses(product, f32(2 * Float.MIN_VALUE));
    }

    @Test
    void powersOfNegativeBasesThatAreOffAreBounded() {
        Bounded cube = wide(x -> Tensors.pow(Tensors.sin(x.get(0)), Tensors.constant(new float[] {3})), f32(-1));
        float sine = (float) Math.sin(-1);

        assertAccepts(cube, f32(sine * sine * sine));
        assertRefuses(cube, f32(sine * sine * sine * 1.001f));
    }
}
