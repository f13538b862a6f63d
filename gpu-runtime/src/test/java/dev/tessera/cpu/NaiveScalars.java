package dev.tessera.cpu;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Scalar functions on boxed numbers: a Double for floats, a Long for integers and bools. */
final class NaiveScalars {
    private NaiveScalars() {}

    static Number[] elements(HostTensor tensor) {
        Number[] elements = new Number[(int) tensor.elementCount()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = tensor.dtype().isFloating() ? (Number) tensor.doubleAt(i) : (Number) tensor.longAt(i);
        }
        return elements;
    }

    static List<int[]> indices(int... sizes) {
        List<int[]> indices = new ArrayList<>(List.of(new int[0]));
        for (int size : sizes) {
            List<int[]> longer = new ArrayList<>();
            for (int[] index : indices) {
                for (int i = 0; i < size; i++) {
                    int[] next = java.util.Arrays.copyOf(index, index.length + 1);
                    next[index.length] = i;
                    longer.add(next);
                }
            }
            indices = longer;
        }
        return indices;
    }

    static Number round(Number value, DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> (double) value.floatValue();
            case FLOAT64 -> value.doubleValue();
            case INT32 -> (long) (int) value.longValue();
            default -> value.longValue();
        };
    }

    static int compare(Number left, Number right) {
        if (left instanceof Double) {
            double x = left.doubleValue();
            double y = right.doubleValue();
            return x == y ? 0 : Double.compare(x, y);
        }
        return Long.compare(left.longValue(), right.longValue());
    }

    static Number convert(Number value, DType from, DType to) {
        if (to == DType.BOOL) {
            return value.doubleValue() != 0 ? 1L : 0L;
        }
        if (from.isFloating() && to.isInteger()) {
            if (Double.isNaN(value.doubleValue())) {
                return 0L;
            }
            double least = to == DType.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
            double most = to == DType.INT32 ? Integer.MAX_VALUE : Long.MAX_VALUE;
            double clamped = Math.min(Math.max(value.doubleValue(), least), most);
            return clamped >= 0x1p63 ? Long.MAX_VALUE : new BigDecimal(clamped).longValue();
        }
        if (to == DType.FLOAT32 && !from.isFloating()) {
            return (double) BigDecimal.valueOf(value.longValue()).floatValue();
        }
        return to.isFloating() ? (Number) value.doubleValue() : (Number) value.longValue();
    }

    static Number apply(ScalarOp op, DType dtype, Number... arguments) {
        if (op == ScalarOp.WHERE) {
            return arguments[0].longValue() != 0 ? arguments[1] : arguments[2];
        }
        if (dtype.isFloating()) {
            double x = arguments[0].doubleValue();
            return arguments.length == 1 ? real(op, x) : real(op, x, arguments[1].doubleValue());
        }
        BigInteger x = BigInteger.valueOf(arguments[0].longValue());
        BigInteger y = arguments.length == 1 ? BigInteger.ZERO : BigInteger.valueOf(arguments[1].longValue());
        return round(integer(op, x, y, dtype == DType.BOOL), dtype);
    }

    private static Number real(ScalarOp op, double x) {
        return switch (op) {
            case NEGATIVE -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Double.isNaN(x) ? x : x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0;
            case SQUARE -> x * x;
            case RECIPROCAL -> 1 / x;
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case EXP -> Math.exp(x);
            case EXPM1 -> Math.expm1(x);
            case LOG -> Math.log(x);
            case LOG1P -> Math.log1p(x);
            case LOG2 -> Math.log(x) / Math.log(2);
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TAN -> Math.tan(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SOFTPLUS -> x > 30 ? x : Math.log1p(Math.exp(x));
            case RELU -> x > 0 || Double.isNaN(x) ? x : 0.0;
            case GELU -> x / 2 * (1 + erf(x * Math.sqrt(0.5)));
            case ERF -> erf(x);
            case IS_NAN -> Double.isNaN(x) ? 1L : 0L;
            case IS_FINITE -> Double.isFinite(x) ? 1L : 0L;
            default -> throw new IllegalArgumentException(op.toString());
        };
    }

    /** By the integral of its definition, by Simpson's rule. */
    private static double erf(double x) {
        double end = Math.max(-6, Math.min(6, x));
        int steps = 2000;
        double width = end / steps;
        double sum = 1 + Math.exp(-end * end);
        for (int i = 1; i < steps; i++) {
            double at = i * width;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-at * at);
        }
        return Double.isNaN(x) ? x : 2 / Math.sqrt(Math.PI) * sum * width / 3;
    }

    private static Number real(ScalarOp op, double x, double y) {
        return switch (op) {
            case ADD -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case FLOOR_DIVIDE -> Math.floor(x / y);
            case MOD -> x % y != 0 && (x % y < 0) != (y < 0) ? x % y + y : x % y;
            case POWER -> Math.pow(x, y);
            case MINIMUM -> Math.min(x, y);
            case MAXIMUM -> Math.max(x, y);
            case EQUAL -> x == y ? 1L : 0L;
            case NOT_EQUAL -> x != y ? 1L : 0L;
            case LESS -> x < y ? 1L : 0L;
            case LESS_EQUAL -> x <= y ? 1L : 0L;
            case GREATER -> x > y ? 1L : 0L;
            case GREATER_EQUAL -> x >= y ? 1L : 0L;
            default -> throw new IllegalArgumentException(op.toString());
        };
    }

    /** In exact integers, which the caller wraps. */
    private static BigInteger integer(ScalarOp op, BigInteger x, BigInteger y, boolean bool) {
        return switch (op) {
            case NEGATIVE -> x.negate();
            case ABS -> x.abs();
            case SIGN -> BigInteger.valueOf(x.signum());
            case SQUARE -> x.multiply(x);
            case FLOOR, CEIL, ROUND -> x;
            case RELU -> x.max(BigInteger.ZERO);
            case LOGICAL_NOT -> BigInteger.ONE.subtract(x);
            case IS_NAN -> BigInteger.ZERO;
            case IS_FINITE -> BigInteger.ONE;
            case ADD -> bool ? x.or(y) : x.add(y);
            case SUBTRACT -> x.subtract(y);
            case MULTIPLY -> x.multiply(y);
            case FLOOR_DIVIDE ->
                y.signum() == 0 ? y : x.subtract(floorMod(x, y)).divide(y);
            case MOD -> y.signum() == 0 ? y : floorMod(x, y);
            case POWER -> power(x, y);
            case MINIMUM -> x.min(y);
            case MAXIMUM -> x.max(y);
            case EQUAL -> truth(x.equals(y));
            case NOT_EQUAL -> truth(!x.equals(y));
            case LESS -> truth(x.compareTo(y) < 0);
            case LESS_EQUAL -> truth(x.compareTo(y) <= 0);
            case GREATER -> truth(x.compareTo(y) > 0);
            case GREATER_EQUAL -> truth(x.compareTo(y) >= 0);
            case LOGICAL_AND -> x.and(y);
            case LOGICAL_OR -> x.or(y);
            case LOGICAL_XOR -> x.xor(y);
            default -> throw new IllegalArgumentException(op.toString());
        };
    }

    private static BigInteger floorMod(BigInteger x, BigInteger y) {
        BigInteger mod = x.mod(y.abs());
        return y.signum() < 0 && mod.signum() != 0 ? mod.add(y) : mod;
    }

    /** Modulo 2^64; to a negative power, 1/x truncated, and 0 of 0. */
    private static BigInteger power(BigInteger x, BigInteger y) {
        if (y.signum() >= 0) {
            return x.modPow(y, BigInteger.ONE.shiftLeft(64));
        }
        boolean isOne = x.equals(BigInteger.ONE);
        boolean isMinusOne = x.equals(BigInteger.ONE.negate());
        return isOne || (isMinusOne && !y.testBit(0)) ? BigInteger.ONE : isMinusOne ? x : BigInteger.ZERO;
    }

    private static BigInteger truth(boolean holds) {
        return holds ? BigInteger.ONE : BigInteger.ZERO;
    }
}
