package dev.tessera.eval;

import dev.tessera.plan.ScalarOp;

/**
 * How far results of scalar functions of floats move when their arguments may be off, by interval analysis: an argument
 * is anywhere within its error of its value. An infinite error says that it may be anything, NaN included.
 */
final class ErrorPropagation {
    /** The error of a zero of which only the sign is uncertain, as that of {@code max(-0, 0)}. */
    static final double SIGN_OF_ZERO = Double.MIN_VALUE;

    private ErrorPropagation() {}

    /** Whether the value is certain, but for the sign of a zero. */
    static boolean isCertain(double x, double error) {
        return error == 0 || (x == 0 && error == SIGN_OF_ZERO);
    }

    static double unary(ScalarOp op, double x, double error) {
        if (error == 0) {
            return 0;
        }
        if (Double.isInfinite(error)) {
            return error;
        }
        if (isCertain(x, error)) {
            return extremes(op, x, error);
        }
        return switch (op) {
            case NEGATIVE, ABS, RELU -> error;
            case SIN, COS -> Math.min(2, error);
            case GELU -> 1.2 * error;
            case SQUARE -> 2 * Math.abs(x) * error + error * error;
            case TAN -> tangent(x, error);
            case RECIPROCAL -> Math.abs(x) <= error ? Double.POSITIVE_INFINITY : extremes(op, x, error);
            default -> extremes(op, x, error);
        };
    }

    private static double tangent(double x, double error) {
        double tangent = RealFunctions.unary(ScalarOp.TAN, x);
        double slope = 1 + tangent * tangent;
        return error * 8 * slope > 0.1 ? Double.POSITIVE_INFINITY : error * 2 * slope;
    }

    /** For a monotonic function: the larger of the distances that the ends of the interval are moved. */
    private static double extremes(ScalarOp op, double x, double error) {
        double value = RealFunctions.unary(op, x);
        double largest = 0;
        for (double moved : ends(x, error)) {
            largest = Math.max(largest, distance(value, RealFunctions.unary(op, moved)));
        }
        return largest;
    }

    static double binary(ScalarOp op, double x, double xError, double y, double yError) {
        if (xError == 0 && yError == 0) {
            return 0;
        }
        boolean isNaN = (xError == 0 && Double.isNaN(x)) || (yError == 0 && Double.isNaN(y));
        if (isNaN && op != ScalarOp.POWER) {
            return 0;
        }
        if (Double.isInfinite(xError + yError)) {
            return Double.POSITIVE_INFINITY;
        }
        if (isCertain(x, xError) && isCertain(y, yError)) {
            return corners(op, x, xError, y, yError);
        }
        return switch (op) {
            case ADD, SUBTRACT -> xError + yError;
            case MINIMUM, MAXIMUM -> Math.max(xError, yError);
            case MULTIPLY -> product(x, xError, y, yError);
            case DIVIDE, FLOOR_DIVIDE ->
                Math.abs(y) <= yError ? Double.POSITIVE_INFINITY : corners(op, x, xError, y, yError);
            case MOD -> Math.abs(y) <= yError ? Double.POSITIVE_INFINITY : remainder(x, xError, y, yError);
            default -> power(x, xError, y, yError);
        };
    }

    private static double product(double x, double xError, double y, double yError) {
        boolean isFinite = Double.isFinite(x) && Double.isFinite(y);
        return isFinite
                ? Math.abs(x) * yError + Math.abs(y) * xError + xError * yError
                : corners(ScalarOp.MULTIPLY, x, xError, y, yError);
    }

    private static double remainder(double x, double xError, double y, double yError) {
        double jump = corners(ScalarOp.FLOOR_DIVIDE, x, xError, y, yError);
        double drift = xError + Math.abs(StrictMath.floor(x / y)) * yError;
        double error = jump > 0 ? drift + Math.abs(y) + yError : drift;
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private static double power(double x, double xError, double y, double yError) {
        if (x > xError || (yError == 0 && x < -xError)) {
            return corners(ScalarOp.POWER, x, xError, y, yError);
        }
        if (yError == 0 && y > 0) {
            double reached = RealFunctions.binary(ScalarOp.POWER, Math.abs(x) + xError, y);
            return isInteger(y) ? 2 * reached : Double.POSITIVE_INFINITY;
        }
        return Double.POSITIVE_INFINITY;
    }

    private static boolean isInteger(double y) {
        return StrictMath.rint(y) == y;
    }

    /** For a function monotonic in each argument: the largest of the distances that the corners are moved. */
    private static double corners(ScalarOp op, double x, double xError, double y, double yError) {
        double value = RealFunctions.binary(op, x, y);
        double largest = 0;
        for (double movedX : ends(x, xError)) {
            for (double movedY : ends(y, yError)) {
                largest = Math.max(largest, distance(value, RealFunctions.binary(op, movedX, movedY)));
            }
        }
        return largest;
    }

    private static double[] ends(double x, double error) {
        return x == 0 && error == SIGN_OF_ZERO ? new double[] {0.0, -0.0} : new double[] {x - error, x + error};
    }

    /** How far apart two values are: 0 if they are the same infinity or both NaN, infinite if only one is either. */
    static double distance(double left, double right) {
        if (left == right || (Double.isNaN(left) && Double.isNaN(right))) {
            return 0;
        }
        double distance = Math.abs(left - right);
        return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }
}
