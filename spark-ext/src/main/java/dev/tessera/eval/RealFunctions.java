package dev.tessera.eval;

import dev.tessera.plan.ScalarOp;

/** The scalar functions on doubles, as plainly as they can be written, from {@link StrictMath}. */
final class RealFunctions {
    private static final double SQRT_HALF = StrictMath.sqrt(0.5);
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
    private static final double TWO_OVER_SQRT_PI_LOW = 1.533545961316588e-17;

    private RealFunctions() {}

    static double unary(ScalarOp op, double x) {
        return switch (op) {
            case NEGATIVE -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> x == 0 ? 0 : Math.signum(x);
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case FLOOR -> StrictMath.floor(x);
            case CEIL -> StrictMath.ceil(x);
            case ROUND -> StrictMath.rint(x);
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case LOG2 -> log2(x);
            case SQRT -> StrictMath.sqrt(x);
            case RSQRT -> 1 / StrictMath.sqrt(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case TAN -> StrictMath.tan(x);
            case TANH -> StrictMath.tanh(x);
            case SIGMOID -> x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
            case SOFTPLUS -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
            case RELU -> Double.isNaN(x) ? x : x > 0 ? x : 0;
            case GELU -> gelu(x);
            case ERF -> erf(x);
            default -> throw new IllegalStateException(op + " is not a unary function of floats");
        };
    }

    static double binary(ScalarOp op, double x, double y) {
        return switch (op) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case FLOOR_DIVIDE -> floorDivide(x, y);
            case MOD -> mod(x, y);
            case POWER -> power(x, y);
            case MINIMUM -> Math.min(x, y);
            case MAXIMUM -> Math.max(x, y);
            default -> throw new IllegalStateException(op + " is not a binary function of floats");
        };
    }

    static boolean compare(ScalarOp op, double x, double y) {
        return switch (op) {
            case EQUAL -> x == y;
            case NOT_EQUAL -> x != y;
            case LESS -> x < y;
            case LESS_EQUAL -> x <= y;
            case GREATER -> x > y;
            case GREATER_EQUAL -> x >= y;
            default -> throw new IllegalStateException(op + " is not a comparison");
        };
    }

    // NumPy: 1 to any power and any number to the power 0 are 1, where Java gives NaN for pow(1, NaN) and pow(1, inf).
    private static double power(double x, double y) {
        return x == 1 || (x == -1 && Double.isInfinite(y)) ? 1 : StrictMath.pow(x, y);
    }

    private static double log2(double x) {
        if (!(x > 0) || Double.isInfinite(x)) {
            return StrictMath.log(x);
        }
        int exponent = Math.getExponent(x);
        double mantissa = x / Math.scalb(1.0, Math.max(exponent, Double.MIN_EXPONENT));
        int whole = Math.max(exponent, Double.MIN_EXPONENT);
        if (mantissa > 1.5) {
            mantissa /= 2;
            whole++;
        }
        return whole + StrictMath.log(mantissa) / StrictMath.log(2);
    }

    /** NumPy's divmod for floats: the quotient of {@code x - mod}, snapped to the nearest integer. */
    private static double floorDivide(double x, double y) {
        if (y == 0) {
            return x / y;
        }
        double mod = x % y;
        double quotient = (x - mod) / y;
        if (mod != 0 && (y < 0) != (mod < 0)) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0.0, x / y);
        }
        double floor = StrictMath.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double mod(double x, double y) {
        double mod = x % y;
        if (mod == 0) {
            return Math.copySign(0.0, y);
        }
        return (y < 0) != (mod < 0) ? mod + y : mod;
    }

    private static double gelu(double x) {
        if (x == Double.NEGATIVE_INFINITY) {
            return -0.0; // The limit, where the formula has infinity times 0.
        }
        double z = x * SQRT_HALF;
        return x > 0 ? x / 2 * (1 + erf(z)) : x / 2 * erfc(-z);
    }

    /** Below 1 the series A&S 7.1.5, its first term apart; from there on 1 - erfc. */
    static double erf(double x) {
        double a = Math.abs(x);
        if (Double.isNaN(x)) {
            return x;
        }
        if (a >= 1) {
            return Math.copySign(1 - erfc(a), x);
        }
        double power = a;
        double rest = 0;
        for (int n = 1; power > a * 0x1p-60; n++) {
            power *= a * a / n;
            rest += (n % 2 == 0 ? power : -power) / (2 * n + 1);
        }
        double sum = a + rest;
        return Math.copySign(Math.fma(TWO_OVER_SQRT_PI, sum, TWO_OVER_SQRT_PI_LOW * sum), x);
    }

    /** For x from 1 on the continued fraction A&S 7.1.14, from its far end; below it 1 - erf. */
    private static double erfc(double x) {
        if (x < 1) {
            return 1 - erf(x);
        }
        if (x > 28) {
            return 0;
        }
        double fraction = x;
        for (int k = 500; k >= 1; k--) {
            fraction = x + k / 2.0 / fraction;
        }
        return expOfNegativeSquare(x) / fraction / StrictMath.sqrt(StrictMath.PI);
    }

    private static double expOfNegativeSquare(double x) {
        double high = x * x;
        double low = Math.fma(x, x, -high);
        return StrictMath.exp(-high) * (1 - low);
    }
}
