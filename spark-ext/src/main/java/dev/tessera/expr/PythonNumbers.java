package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.stream.Collectors;

/** Arithmetic among numbers written in an expression, as Python does it before NumPy sees the result. */
final class PythonNumbers {
    private PythonNumbers() {}

    /** Whether Python has the function as an operator on numbers, whose result is again such a number. */
    static boolean isOperator(ScalarOp op) {
        return switch (op) {
            case NEGATIVE, ABS, ADD, SUBTRACT, MULTIPLY, DIVIDE, FLOOR_DIVIDE, MOD, POWER -> true;
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> true;
            default -> false;
        };
    }

    /** The weak result of an operator on weak numbers. */
    static Constant compute(ScalarOp op, List<Constant> arguments) {
        boolean floating = arguments.stream().anyMatch(x -> x.dtype().isFloating());
        HostTensor left = arguments.get(0).value();
        HostTensor right = arguments.get(arguments.size() - 1).value();
        try {
            return floating
                    ? ofDoubles(op, left.doubleAt(0), right.doubleAt(0))
                    : ofLongs(op, left.longAt(0), right.longAt(0));
        } catch (ArithmeticException e) {
            throw new TensorTypeException("Cannot compute %s: %s"
                    .formatted(
                            arguments.stream()
                                    .map(Constant::toString)
                                    .collect(Collectors.joining(" " + OpSignature.operator(op) + " ")),
                            e.getMessage()));
        }
    }

    static Constant weak(double value) {
        return new Constant(HostTensor.scalar(value), true);
    }

    static Constant weak(long value) {
        HostTensor scalar = HostTensor.zeros(DType.INT64);
        scalar.setLong(0, value);
        return new Constant(scalar, true);
    }

    static Constant weak(boolean value) {
        HostTensor scalar = HostTensor.zeros(DType.BOOL);
        scalar.setLong(0, value ? 1 : 0);
        return new Constant(scalar, true);
    }

    private static Constant ofLongs(ScalarOp op, long a, long b) {
        return switch (op) {
            case NEGATIVE -> weak(Math.negateExact(a));
            case ABS -> weak(Math.absExact(a));
            case ADD -> weak(Math.addExact(a, b));
            case SUBTRACT -> weak(Math.subtractExact(a, b));
            case MULTIPLY -> weak(Math.multiplyExact(a, b));
            case DIVIDE -> weak(quotient(a, b));
            case FLOOR_DIVIDE -> weak(floorQuotient(a, b));
            case MOD -> weak(Math.floorMod(a, nonZero(b)));
            case POWER -> b < 0 ? weak(power((double) a, (double) b)) : weak(power(a, b));
            case EQUAL -> weak(a == b);
            case NOT_EQUAL -> weak(a != b);
            case LESS -> weak(a < b);
            case LESS_EQUAL -> weak(a <= b);
            case GREATER -> weak(a > b);
            case GREATER_EQUAL -> weak(a >= b);
            default -> throw new IllegalStateException(op + " is not an operator on Python's numbers");
        };
    }

    private static Constant ofDoubles(ScalarOp op, double a, double b) {
        return switch (op) {
            case NEGATIVE -> weak(-a);
            case ABS -> weak(Math.abs(a));
            case ADD -> weak(a + b);
            case SUBTRACT -> weak(a - b);
            case MULTIPLY -> weak(a * b);
            case DIVIDE -> weak(a / nonZero(b));
            case FLOOR_DIVIDE -> weak(floorQuotient(a, nonZero(b)));
            case MOD -> weak(remainder(a, nonZero(b)));
            case POWER -> weak(power(a, b));
            case EQUAL -> weak(a == b);
            case NOT_EQUAL -> weak(a != b);
            case LESS -> weak(a < b);
            case LESS_EQUAL -> weak(a <= b);
            case GREATER -> weak(a > b);
            case GREATER_EQUAL -> weak(a >= b);
            default -> throw new IllegalStateException(op + " is not an operator on Python's numbers");
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new ArithmeticException("division by zero");
        }
        return divisor;
    }

    private static double nonZero(double divisor) {
        if (divisor == 0) {
            throw new ArithmeticException("division by zero");
        }
        return divisor;
    }

    private static double quotient(long a, long b) {
        nonZero(b);
        boolean exact = Math.abs((double) a) < 0x1p53 && Math.abs((double) b) < 0x1p53;
        return exact
                ? (double) a / b
                : new BigDecimal(a)
                        .divide(new BigDecimal(b), new MathContext(60))
                        .doubleValue();
    }

    private static long floorQuotient(long a, long b) {
        if (a == Long.MIN_VALUE && b == -1) {
            throw new ArithmeticException("long overflow");
        }
        return Math.floorDiv(a, nonZero(b));
    }

    private static long power(long base, long exponent) {
        if (exponent == 0 || base == 1) {
            return 1;
        }
        if (base == 0) {
            return 0;
        }
        if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        }
        long power = 1;
        // Ends after 63 rounds at most: every round doubles the power at least.
        for (long i = 0; i < exponent; i++) {
            power = Math.multiplyExact(power, base);
        }
        return power;
    }

    private static double power(double base, double exponent) {
        if (base == 0 && exponent < 0) {
            throw new ArithmeticException("zero cannot be raised to a negative power");
        }
        if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
            return 1;
        }
        double power = Math.pow(base, exponent);
        if (Double.isFinite(base) && Double.isFinite(exponent) && !Double.isFinite(power)) {
            throw new ArithmeticException(Double.isNaN(power) ? "the result is complex" : "the result is out of range");
        }
        return power;
    }

    private static double remainder(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0.0, b);
        }
        return (b < 0) == (remainder < 0) ? remainder : remainder + b;
    }

    private static double floorQuotient(double a, double b) {
        double remainder = a % b;
        double quotient = (a - remainder) / b;
        if (remainder != 0 && (b < 0) != (remainder < 0)) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0.0, a / b);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
