package dev.tessera.eval;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;

/** The scalar functions on integers and bools, exact; the caller wraps the result to the dtype. */
final class IntegerFunctions {
    private IntegerFunctions() {}

    static long unary(ScalarOp op, long x) {
        return switch (op) {
            case NEGATIVE -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Long.signum(x);
            case SQUARE -> x * x;
            case FLOOR, CEIL, ROUND -> x;
            case RELU -> Math.max(x, 0);
            case LOGICAL_NOT -> 1 - x;
            default -> throw new IllegalStateException(op + " is not a unary function of integers");
        };
    }

    static long binary(ScalarOp op, DType dtype, long x, long y) {
        boolean bool = dtype == DType.BOOL;
        return switch (op) {
            case ADD -> bool ? x | y : x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case FLOOR_DIVIDE -> y == 0 ? 0 : Math.floorDiv(x, y);
            case MOD -> y == 0 ? 0 : Math.floorMod(x, y);
            case POWER -> power(x, y, dtype);
            case MINIMUM -> Math.min(x, y);
            case MAXIMUM -> Math.max(x, y);
            case LOGICAL_AND -> x & y;
            case LOGICAL_OR -> x | y;
            case LOGICAL_XOR -> x ^ y;
            default -> throw new IllegalStateException(op + " is not a binary function of integers");
        };
    }

    static boolean compare(ScalarOp op, long x, long y) {
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

    private static long power(long base, long exponent, DType dtype) {
        if (exponent < 0) {
            return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }
        long result = 1;
        long square = base;
        for (long rest = exponent; rest != 0; rest >>= 1) {
            result = (rest & 1) == 0 ? result : wrap(result * square, dtype);
            square = wrap(square * square, dtype);
        }
        return result;
    }

    private static long wrap(long value, DType dtype) {
        return dtype == DType.INT32 ? (int) value : value;
    }
}
