package dev.tessera.eval;

import static dev.tessera.eval.Evaluations.bool;
import static dev.tessera.eval.Evaluations.f32;
import static dev.tessera.eval.Evaluations.f64;
import static dev.tessera.eval.Evaluations.faithful;
import static dev.tessera.eval.Evaluations.i32;
import static dev.tessera.eval.Evaluations.i64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.tessera.expr.Op;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ElementwiseEvaluationTest {
    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    /** A function of one argument: arguments, and by definition of the function what they give. */
    record Unary(ScalarOp op, double[] x, double[] y) {}

    static List<Unary> unaryFunctions() {
        double e = Math.E;
        return List.of(
                new Unary(ScalarOp.NEGATIVE, values(1, -0.0, INF, NAN), values(-1, 0.0, -INF, NAN)),
                new Unary(ScalarOp.ABS, values(-2, -0.0, -INF, NAN), values(2, 0.0, INF, NAN)),
                new Unary(ScalarOp.SIGN, values(-2, -0.0, 0.0, INF, NAN), values(-1, 0.0, 0.0, 1, NAN)),
                new Unary(ScalarOp.SQUARE, values(-3, 1e200, -INF, NAN), values(9, INF, INF, NAN)),
                new Unary(ScalarOp.RECIPROCAL, values(4, -0.0, 0.0, INF), values(0.25, -INF, INF, 0.0)),
                new Unary(ScalarOp.FLOOR, values(1.5, -1.5, -0.0, INF), values(1, -2, -0.0, INF)),
                new Unary(ScalarOp.CEIL, values(1.5, -1.5, -0.5, -INF), values(2, -1, -0.0, -INF)),
                new Unary(ScalarOp.ROUND, values(0.5, 1.5, 2.5, -0.5, NAN), values(0, 2, 2, -0.0, NAN)),
                new Unary(ScalarOp.EXP, values(0, 1, -INF, INF, 710), values(1, e, 0.0, INF, INF)),
                new Unary(ScalarOp.EXPM1, values(-0.0, 1, -INF, 1e-20), values(-0.0, e - 1, -1, 1e-20)),
                new Unary(ScalarOp.LOG, values(1, e, 0, -0.0, -1, INF), values(0.0, 1, -INF, -INF, NAN, INF)),
                new Unary(ScalarOp.LOG1P, values(-0.0, -1, -2, 1e-20), values(-0.0, -INF, NAN, 1e-20)),
                new Unary(ScalarOp.LOG2, values(8, 1, 0x1p-1074, 0, -1), values(3, 0.0, -1074, -INF, NAN)),
                new Unary(ScalarOp.SQRT, values(9, -0.0, -1, INF), values(3, -0.0, NAN, INF)),
                new Unary(ScalarOp.RSQRT, values(4, 0.0, -0.0, -1, INF), values(0.5, INF, -INF, NAN, 0.0)),
                new Unary(ScalarOp.SIN, values(-0.0, Math.PI / 2, INF), values(-0.0, 1, NAN)),
                new Unary(ScalarOp.COS, values(0, Math.PI, -INF), values(1, -1, NAN)),
                new Unary(ScalarOp.TAN, values(-0.0, Math.PI / 4, INF), values(-0.0, 1, NAN)),
                new Unary(ScalarOp.TANH, values(-0.0, INF, -INF, NAN), values(-0.0, 1, -1, NAN)),
                new Unary(ScalarOp.SIGMOID, values(0, INF, -INF, Math.log(3)), values(0.5, 1, 0.0, 0.75)),
                new Unary(ScalarOp.SOFTPLUS, values(0, INF, -INF, 1000), values(Math.log(2), INF, 0.0, 1000)),
                new Unary(ScalarOp.RELU, values(2, -2, NAN, INF, -INF), values(2, 0.0, NAN, INF, 0.0)),
                // Phi(1) = 0.8413447460685429486, Phi(-1) = 1 - Phi(1).
                new Unary(
                        ScalarOp.GELU,
                        values(0, 1, -1, INF),
                        values(0.0, 0.8413447460685429, -0.15865525393145705, INF)),
                // Abramowitz and Stegun, table 7.1, with the digits of C's erf.
                new Unary(
                        ScalarOp.ERF,
                        values(0.5, -1, 2, 2.75, 3.5, INF),
                        values(
                                0.5204998778130465,
                                -0.8427007929497149,
                                0.9953222650189527,
                                0.9998993780778803,
                                0.9999992569016276,
                                1)));
    }

    @ParameterizedTest
    @MethodSource("unaryFunctions")
    void functionOfOneDoubleHasItsValue(Unary function) {
        HostTensor y = faithful(function.op(), f64(function.x()));

        for (int i = 0; i < function.x().length; i++) {
            double expected = function.y()[i];
            if (expected == 0 || !Double.isFinite(expected)) {
                assertThat(y.doubleAt(i)).as("of %s", function.x()[i]).isEqualTo(Double.valueOf(expected));
            } else {
                assertThat(y.doubleAt(i)).isCloseTo(expected, offset(4e-16 * Math.abs(expected)));
            }
        }
    }

    /** A function of two arguments, as {@link Unary}. */
    record Binary(ScalarOp op, double[] x, double[] y, double[] z) {}

    static List<Binary> binaryFunctions() {
        return List.of(
                new Binary(ScalarOp.ADD, values(1, INF, -0.0), values(2, -INF, -0.0), values(3, NAN, -0.0)),
                new Binary(ScalarOp.SUBTRACT, values(1, INF, 0.0), values(2, INF, 0.0), values(-1, NAN, 0.0)),
                new Binary(ScalarOp.MULTIPLY, values(3, 0, -0.0), values(4, INF, 2), values(12, NAN, -0.0)),
                new Binary(
                        ScalarOp.DIVIDE, values(1, 1, 0, -1), values(4, -0.0, 0, INF), values(0.25, -INF, NAN, -0.0)),
                // numpy.floor_divide
                new Binary(
                        ScalarOp.FLOOR_DIVIDE,
                        values(7, -7, 7, 1, -1, 0, 5, -5, INF),
                        values(2, 2, -2, 0, 0, 0, INF, INF, 2),
                        values(3, -4, -4, INF, -INF, NAN, 0.0, -1, NAN)),
                // numpy.mod
                new Binary(
                        ScalarOp.MOD,
                        values(7, -7, 7, -7, 6, -6, 1, 5, -5, INF),
                        values(2, 2, -2, -2, -3, 3, 0, INF, INF, 2),
                        values(1, 1, -1, -1, -0.0, 0.0, NAN, 5, INF, NAN)),
                // C's pow
                new Binary(
                        ScalarOp.POWER,
                        values(2, 2, 1, NAN, -8, -2, -1, 0, -0.0, -INF),
                        values(10, -1, NAN, 0, 1.0 / 3, 3, INF, -1, -1, 3),
                        values(1024, 0.5, 1, 1, NAN, -8, 1, INF, -INF, -INF)),
                new Binary(
                        ScalarOp.MINIMUM, values(1, NAN, 1, -INF), values(2, 1, NAN, INF), values(1, NAN, NAN, -INF)),
                new Binary(
                        ScalarOp.MAXIMUM, values(1, NAN, 1, -INF), values(2, 1, NAN, INF), values(2, NAN, NAN, INF)));
    }

    @ParameterizedTest
    @MethodSource("binaryFunctions")
    void functionOfTwoDoublesHasItsValue(Binary function) {
        HostTensor z = faithful(function.op(), f64(function.x()), f64(function.y()));

        for (int i = 0; i < function.x().length; i++) {
            assertThat(z.doubleAt(i))
                    .as("of %s and %s", function.x()[i], function.y()[i])
                    .isEqualTo(Double.valueOf(function.z()[i]));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EQUAL, false true false true false",
        "NOT_EQUAL, true false true false true",
        "LESS, true false false false false",
        "LESS_EQUAL, true true false true false",
        "GREATER, false false true false false",
        "GREATER_EQUAL, false true true true false"
    })
    void comparisonWithNaNIsFalseAndZerosAreEqual(ScalarOp op, String expected) {
        HostTensor result = faithful(op, f64(1, 2, 3, -0.0, NAN), f64(2, 2, 2, 0.0, NAN));

        assertThat(bools(result)).isEqualTo(expected);
    }

    @Test
    void predicatesKnowNaNAndInfinity() {
        HostTensor x = f64(0, NAN, INF, -INF, Double.MIN_VALUE);

        assertThat(bools(faithful(ScalarOp.IS_NAN, x))).isEqualTo("false true false false false");
        assertThat(bools(faithful(ScalarOp.IS_FINITE, x))).isEqualTo("true false false false true");
        assertThat(bools(faithful(ScalarOp.IS_NAN, i32(0)))).isEqualTo("false");
        assertThat(bools(faithful(ScalarOp.IS_FINITE, i64(1)))).isEqualTo("true");
    }

    @Test
    void logicIsThatOfBools() {
        HostTensor x = bool(false, false, true, true);
        HostTensor y = bool(false, true, false, true);

        assertThat(bools(faithful(ScalarOp.LOGICAL_AND, x, y))).isEqualTo("false false false true");
        assertThat(bools(faithful(ScalarOp.LOGICAL_OR, x, y))).isEqualTo("false true true true");
        assertThat(bools(faithful(ScalarOp.LOGICAL_XOR, x, y))).isEqualTo("false true true false");
        assertThat(bools(faithful(ScalarOp.LOGICAL_NOT, x))).isEqualTo("true true false false");
        assertThat(bools(faithful(ScalarOp.ADD, x, y))).isEqualTo("false true true true");
        assertThat(bools(faithful(ScalarOp.MULTIPLY, x, y))).isEqualTo("false false false true");
        assertThat(bools(faithful(ScalarOp.MAXIMUM, x, y))).isEqualTo("false true true true");
        assertThat(bools(faithful(ScalarOp.MINIMUM, x, y))).isEqualTo("false false false true");
        assertThat(bools(faithful(ScalarOp.LESS, x, y))).isEqualTo("false true false false");
        assertThat(bools(faithful(ScalarOp.ABS, x))).isEqualTo("false false true true");
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, 2147483647, 1, -2147483648",
        "SUBTRACT, -2147483648, 1, 2147483647",
        "MULTIPLY, 65536, 65536, 0",
        "MULTIPLY, 2147483647, 2147483647, 1",
        "FLOOR_DIVIDE, 7, -2, -4",
        "FLOOR_DIVIDE, 7, 0, 0",
        "FLOOR_DIVIDE, -7, 0, 0",
        "FLOOR_DIVIDE, -2147483648, -1, -2147483648",
        "MOD, 7, -2, -1",
        "MOD, -7, 2, 1",
        "MOD, 7, 0, 0",
        "MOD, -2147483648, -1, 0",
        "POWER, 3, 4, 81",
        "POWER, 2, 31, -2147483648",
        "POWER, 2, 32, 0",
        "POWER, -2, 31, -2147483648",
        "POWER, 0, 0, 1",
        "POWER, 5, -1, 0",
        "POWER, 1, -5, 1",
        "POWER, -1, -5, -1",
        "POWER, -1, -4, 1",
        "POWER, 0, -1, 0",
        "MINIMUM, -1, 1, -1",
        "MAXIMUM, -1, 1, 1"
    })
    void integerCornerCasesOfInt32(ScalarOp op, int x, int y, int expected) {
        assertThat(faithful(op, i32(x), i32(y)).longAt(0)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, 9223372036854775807, 1, -9223372036854775808",
        "MULTIPLY, 4294967296, 4294967296, 0",
        "FLOOR_DIVIDE, -9223372036854775808, -1, -9223372036854775808",
        "FLOOR_DIVIDE, 1, 0, 0",
        "MOD, -9223372036854775808, -1, 0",
        "MOD, 9223372036854775807, -9223372036854775808, -1",
        "POWER, 2, 63, -9223372036854775808",
        "POWER, 3, 40, -6289078614652622815",
        "POWER, 7, -2, 0"
    })
    void integerCornerCasesOfInt64(ScalarOp op, long x, long y, long expected) {
        // 3^40 = 12157665459056928801, less 2^64.
        assertThat(faithful(op, i64(x), i64(y)).longAt(0)).isEqualTo(expected);
    }

    @Test
    void unaryFunctionsOfIntegersWrap() {
        HostTensor x = i32(Integer.MIN_VALUE, -5, 0, 65536);

        assertThat(faithful(ScalarOp.NEGATIVE, x).toLongArray()).containsExactly(Integer.MIN_VALUE, 5, 0, -65536);
        assertThat(faithful(ScalarOp.ABS, x).toLongArray()).containsExactly(Integer.MIN_VALUE, 5, 0, 65536);
        assertThat(faithful(ScalarOp.SIGN, x).toLongArray()).containsExactly(-1, -1, 0, 1);
        assertThat(faithful(ScalarOp.SQUARE, x).toLongArray()).containsExactly(0, 25, 0, 0);
        assertThat(faithful(ScalarOp.RELU, x).toLongArray()).containsExactly(0, 0, 0, 65536);
        assertThat(faithful(ScalarOp.FLOOR, x).toLongArray()).containsExactly(x.toLongArray());
        assertThat(faithful(ScalarOp.CEIL, x).toLongArray()).containsExactly(x.toLongArray());
        assertThat(faithful(ScalarOp.ROUND, x).toLongArray()).containsExactly(x.toLongArray());
        assertThat(faithful(ScalarOp.ABS, i64(Long.MIN_VALUE)).longAt(0)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void whereTakesFromEitherSideWhateverTheOtherHolds() {
        HostTensor result = faithful(ScalarOp.WHERE, bool(true, false), f64(1, NAN), f64(INF, 2));

        assertThat(result.toDoubleArray()).containsExactly(1, 2);
        assertThat(faithful(ScalarOp.WHERE, bool(false), bool(true), bool(false))
                        .longAt(0))
                .isZero();
    }

    @Test
    void float32ResultsAreRoundedToFloat32() {
        assertThat(faithful(ScalarOp.ADD, f32(0.1f), f32(0.2f)).doubleAt(0)).isEqualTo(0.1f + 0.2f);
        assertThat(faithful(ScalarOp.MULTIPLY, f32(0.1f), f32(0.7f)).doubleAt(0))
                .isEqualTo(0.1f * 0.7f);
        assertThat(faithful(ScalarOp.DIVIDE, f32(1), f32(3)).doubleAt(0)).isEqualTo(1f / 3f);
        assertThat(faithful(ScalarOp.SQRT, f32(2)).doubleAt(0)).isEqualTo((float) Math.sqrt(2));
        assertThat(faithful(ScalarOp.SQUARE, f32(1e20f)).doubleAt(0)).isEqualTo(INF);
        assertThat(faithful(ScalarOp.EXP, f32(-104)).doubleAt(0)).isZero();
        assertThat(faithful(ScalarOp.MULTIPLY, f32(Float.MIN_VALUE), f32(0.5f)).doubleAt(0))
                .isZero();
        assertThat(faithful(ScalarOp.MULTIPLY, f32(Float.MIN_VALUE), f32(0.75f)).doubleAt(0))
                .isEqualTo(Float.MIN_VALUE);
        assertThat(faithful(ScalarOp.ADD, f32(0x1p24f), f32(1)).doubleAt(0)).isEqualTo(0x1p24);
    }

    @Test
    void castsToIntegersTruncateAndSaturate() {
        HostTensor x = f64(2.9, -2.9, NAN, INF, -INF, 3e9);

        assertThat(faithful(new Op.Cast(DType.INT32), x).toLongArray())
                .containsExactly(2, -2, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE);
        assertThat(faithful(new Op.Cast(DType.INT64), x).toLongArray())
                .containsExactly(2, -2, 0, Long.MAX_VALUE, Long.MIN_VALUE, 3_000_000_000L);
        assertThat(faithful(new Op.Cast(DType.INT32), i64(1L << 32 | 5, -1)).toLongArray())
                .containsExactly(5, -1);
    }

    @Test
    void castsToBoolCompareWithZero() {
        assertThat(bools(faithful(new Op.Cast(DType.BOOL), f64(0, -0.0, NAN, 0.5))))
                .isEqualTo("false false true true");
        assertThat(bools(faithful(new Op.Cast(DType.BOOL), i64(0, 1L << 32)))).isEqualTo("false true");
    }

    @Test
    void castsToFloatsRoundOnce() {
        // Just above the middle of two float32 neighbours, which a double in between would round to.
        long above = (1L << 60) + (1L << 36) + 1;

        assertThat(faithful(new Op.Cast(DType.FLOAT32), i64(above)).doubleAt(0)).isEqualTo(0x1p60 + 0x1p37);
        assertThat(faithful(new Op.Cast(DType.FLOAT64), i64((1L << 53) + 1)).doubleAt(0))
                .isEqualTo(0x1p53);
        assertThat(faithful(new Op.Cast(DType.FLOAT32), f64(1e39)).doubleAt(0)).isEqualTo(INF);
        assertThat(faithful(new Op.Cast(DType.FLOAT64), bool(true)).doubleAt(0)).isEqualTo(1);
    }

    @Test
    void argumentsOfSize1AndOfLowerRankAreRepeated() {
        HostTensor column = HostTensor.of(new float[] {10, 20}, 2, 1);

        assertThat(faithful(ScalarOp.ADD, column, f32(1, 2, 3)).toDoubleArray())
                .containsExactly(11, 12, 13, 21, 22, 23);
        assertThat(faithful(ScalarOp.ADD, HostTensor.zeros(DType.FLOAT32, 0, 1), f32(1, 2))
                        .sizes())
                .containsExactly(0, 2);
    }

    @Test
    void everyScalarFunctionHasARow() {
        Set<ScalarOp> covered = new TreeSet<>();
        unaryFunctions().forEach(f -> covered.add(f.op()));
        binaryFunctions().forEach(f -> covered.add(f.op()));
        covered.addAll(List.of(
                ScalarOp.LOGICAL_NOT,
                ScalarOp.LOGICAL_AND,
                ScalarOp.LOGICAL_OR,
                ScalarOp.LOGICAL_XOR,
                ScalarOp.IS_NAN,
                ScalarOp.IS_FINITE,
                ScalarOp.WHERE));

        assertThat(Arrays.stream(ScalarOp.values())
                        .filter(op -> op.arity() != 2 || op.rule() != ScalarOp.Rule.PREDICATE))
                .allMatch(covered::contains);
    }

    private static double[] values(double... values) {
        return values;
    }

    private static String bools(HostTensor tensor) {
        StringBuilder text = new StringBuilder();
        for (long value : tensor.toLongArray()) {
            text.append(text.isEmpty() ? "" : " ").append(value != 0);
        }
        assertThat(tensor.dtype()).isEqualTo(DType.BOOL);
        return text.toString();
    }
}
