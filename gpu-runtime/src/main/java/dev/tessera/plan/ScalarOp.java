package dev.tessera.plan;

import dev.tessera.tensor.DType;
import java.util.List;
import java.util.Locale;

/**
 * The scalar functions: the closed set that the reference evaluator, the CPU primitives, the kernel renderer and the
 * gradients each cover with an exhaustive switch.
 *
 * <p>All arguments of a call have one dtype, except the condition of {@link #WHERE}, which is bool. Integer arithmetic
 * wraps. Integer corner cases are NumPy's where it defines them: {@code x // 0} and {@code x % 0} are 0,
 * {@code MIN // -1} is {@code MIN}. A negative integer power, an error in NumPy, is {@code 1/x} truncated (0 for
 * {@code |x| > 1}, and 0 for x = 0).
 */
public enum ScalarOp {
    NEGATIVE(1, 1, Rule.NUMBER, Accuracy.EXACT),
    ABS(2, 1, Rule.ANY, Accuracy.EXACT),
    SIGN(3, 1, Rule.NUMBER, Accuracy.EXACT),
    SQUARE(4, 1, Rule.NUMBER, Accuracy.ROUNDED),
    RECIPROCAL(5, 1, Rule.FLOATING, Accuracy.ROUNDED),
    FLOOR(6, 1, Rule.NUMBER, Accuracy.EXACT),
    CEIL(7, 1, Rule.NUMBER, Accuracy.EXACT),
    /** To the nearest integer, ties to even. */
    ROUND(8, 1, Rule.NUMBER, Accuracy.EXACT),
    EXP(9, 1, Rule.FLOATING, new Accuracy(1, 2)),
    EXPM1(10, 1, Rule.FLOATING, new Accuracy(2, 2)),
    LOG(11, 1, Rule.FLOATING, new Accuracy(1, 2)),
    LOG1P(12, 1, Rule.FLOATING, new Accuracy(2, 2)),
    LOG2(13, 1, Rule.FLOATING, new Accuracy(2, 2)),
    SQRT(14, 1, Rule.FLOATING, Accuracy.ROUNDED),
    /** One over the square root. */
    RSQRT(15, 1, Rule.FLOATING, new Accuracy(2, 2)),
    SIN(16, 1, Rule.FLOATING, new Accuracy(2, 2)),
    COS(17, 1, Rule.FLOATING, new Accuracy(2, 2)),
    TAN(18, 1, Rule.FLOATING, new Accuracy(4, 4)),
    TANH(19, 1, Rule.FLOATING, new Accuracy(2.5, 2)),
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID(20, 1, Rule.FLOATING, new Accuracy(2.5, 2)),
    /** {@code log(1 + exp(x))}, finite wherever the result is. */
    SOFTPLUS(21, 1, Rule.FLOATING, new Accuracy(4, 4)),
    /** {@code max(x, 0)}; NaN stays NaN. */
    RELU(22, 1, Rule.NUMBER, Accuracy.EXACT),
    /** {@code x/2 * (1 + erf(x / sqrt 2))}, the exact form; 0 at minus infinity. */
    GELU(23, 1, Rule.FLOATING, new Accuracy(8, 8)),
    ERF(24, 1, Rule.FLOATING, new Accuracy(4, 4)),
    LOGICAL_NOT(25, 1, Rule.LOGICAL, Accuracy.EXACT),
    IS_NAN(26, 1, Rule.PREDICATE, Accuracy.EXACT),
    IS_FINITE(27, 1, Rule.PREDICATE, Accuracy.EXACT),

    /** On bools, logical or, as in NumPy. */
    ADD(40, 2, Rule.ANY, Accuracy.ROUNDED),
    SUBTRACT(41, 2, Rule.NUMBER, Accuracy.ROUNDED),
    /** On bools, logical and, as in NumPy. */
    MULTIPLY(42, 2, Rule.ANY, Accuracy.ROUNDED),
    /** True division; integers are cast to float64 first. */
    DIVIDE(43, 2, Rule.FLOATING, Accuracy.ROUNDED),
    /** Division rounded towards minus infinity. */
    FLOOR_DIVIDE(44, 2, Rule.NUMBER, Accuracy.EXACT),
    /** The remainder of {@link #FLOOR_DIVIDE}, with the sign of the divisor. */
    MOD(45, 2, Rule.NUMBER, Accuracy.ROUNDED),
    POWER(46, 2, Rule.NUMBER, new Accuracy(4, 4)),
    /** NaN if either is. */
    MINIMUM(47, 2, Rule.ANY, Accuracy.EXACT),
    /** NaN if either is. */
    MAXIMUM(48, 2, Rule.ANY, Accuracy.EXACT),
    EQUAL(49, 2, Rule.PREDICATE, Accuracy.EXACT),
    NOT_EQUAL(50, 2, Rule.PREDICATE, Accuracy.EXACT),
    LESS(51, 2, Rule.PREDICATE, Accuracy.EXACT),
    LESS_EQUAL(52, 2, Rule.PREDICATE, Accuracy.EXACT),
    GREATER(53, 2, Rule.PREDICATE, Accuracy.EXACT),
    GREATER_EQUAL(54, 2, Rule.PREDICATE, Accuracy.EXACT),
    LOGICAL_AND(55, 2, Rule.LOGICAL, Accuracy.EXACT),
    LOGICAL_OR(56, 2, Rule.LOGICAL, Accuracy.EXACT),
    LOGICAL_XOR(57, 2, Rule.LOGICAL, Accuracy.EXACT),

    /** {@code where(condition, x, y)}. */
    WHERE(80, 3, Rule.ANY, Accuracy.EXACT);

    /** Which dtypes a function computes in, and what it returns. */
    public enum Rule {
        /** Any computable dtype; returns it. */
        ANY,
        /** Any but bool; returns it. */
        NUMBER,
        /** float32 and float64; returns it. Integers and bools are cast to float64 first, as NumPy does. */
        FLOATING,
        /** bool; returns bool. Numbers are compared with 0 first. */
        LOGICAL,
        /** Any computable dtype; returns bool. */
        PREDICATE
    }

    /** The largest error in units in the last place of the exact result, on any backend. */
    public record Accuracy(double ulpsFloat32, double ulpsFloat64) {
        static final Accuracy EXACT = new Accuracy(0, 0);
        static final Accuracy ROUNDED = new Accuracy(0.5, 0.5);

        public double ulps(DType dtype) {
            return dtype == DType.FLOAT32 ? ulpsFloat32 : dtype == DType.FLOAT64 ? ulpsFloat64 : 0;
        }
    }

    // A reader asks for one of them for each word of hostile bytes: values() would copy them all each time.
    private static final List<ScalarOp> VALUES = List.of(values());

    private final int wireCode;
    private final int arity;
    private final Rule rule;
    private final Accuracy accuracy;

    ScalarOp(int wireCode, int arity, Rule rule, Accuracy accuracy) {
        this.wireCode = wireCode;
        this.arity = arity;
        this.rule = rule;
        this.accuracy = accuracy;
    }

    /** The stable code of this function in plans and saved graphs. */
    public int wireCode() {
        return wireCode;
    }

    public int arity() {
        return arity;
    }

    public Rule rule() {
        return rule;
    }

    public Accuracy accuracy() {
        return accuracy;
    }

    /** Whether arguments of {@code dtype} are computed with as they are. */
    public boolean accepts(DType dtype) {
        return switch (rule) {
            case ANY, PREDICATE -> dtype.isComputable();
            case NUMBER -> dtype.isInteger() || dtype.isFloating();
            case FLOATING -> dtype.isFloating();
            case LOGICAL -> dtype == DType.BOOL;
        };
    }

    /** The dtype of the result for (value) arguments of {@code dtype}. */
    public DType resultDType(DType dtype) {
        return switch (rule) {
            case ANY, NUMBER, FLOATING -> dtype;
            case LOGICAL, PREDICATE -> DType.BOOL;
        };
    }

    public boolean isCommutative() {
        return switch (this) {
            case ADD, MULTIPLY, MINIMUM, MAXIMUM, EQUAL, NOT_EQUAL, LOGICAL_AND, LOGICAL_OR, LOGICAL_XOR -> true;
            default -> false;
        };
    }

    /**
     * The function of a wire code.
     *
     * @throws IllegalArgumentException if no function has this code
     */
    public static ScalarOp ofWireCode(int wireCode) {
        for (int i = 0; i < VALUES.size(); i++) {
            ScalarOp op = VALUES.get(i);
            if (op.wireCode == wireCode) {
                return op;
            }
        }
        throw new IllegalArgumentException("Cannot read scalar function: unknown code " + wireCode);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
