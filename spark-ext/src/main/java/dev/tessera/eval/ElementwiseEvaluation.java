package dev.tessera.eval;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.List;

/** Scalar functions and casts over broadcast values, with running error analysis. */
final class ElementwiseEvaluation {
    private final Rounding rounding;

    ElementwiseEvaluation(Rounding rounding) {
        this.rounding = rounding;
    }

    Value apply(ScalarOp op, List<Value> inputs, long[] sizes) {
        Value first = inputs.get(op == ScalarOp.WHERE ? 1 : 0);
        Value out = new Value(op.resultDType(first.dtype), sizes);
        int[][] positions =
                inputs.stream().map(input -> positions(input.sizes, sizes)).toArray(int[][]::new);
        for (int i = 0; i < out.count(); i++) {
            if (op.arity() == 3) {
                where(out, i, inputs, positions);
            } else if (op.arity() == 2) {
                binary(op, out, i, inputs.get(0), positions[0][i], inputs.get(1), positions[1][i]);
            } else {
                unary(op, out, i, inputs.get(0), positions[0][i]);
            }
        }
        return out;
    }

    /** For each element of a tensor of {@code to} sizes, the position in one of {@code from} sizes broadcast to it. */
    static int[] positions(long[] from, long[] to) {
        int count = Math.toIntExact(Value.elementCount(to));
        int[] positions = new int[count];
        long[] strides = new long[to.length];
        long stride = 1;
        for (int axis = from.length - 1; axis >= 0; axis--) {
            strides[axis + to.length - from.length] = from[axis] == 1 ? 0 : stride;
            stride *= from[axis];
        }
        long[] index = new long[to.length];
        long position = 0;
        for (int i = 0; i < count; i++) {
            positions[i] = (int) position;
            for (int axis = to.length - 1; axis >= 0; axis--) {
                position += strides[axis];
                if (++index[axis] < to[axis]) {
                    break;
                }
                position -= strides[axis] * to[axis];
                index[axis] = 0;
            }
        }
        return positions;
    }

    private void where(Value out, int i, List<Value> inputs, int[][] positions) {
        Value condition = inputs.get(0);
        int at = positions[0][i];
        int chosen = condition.integers[at] != 0 ? 1 : 2;
        int other = 3 - chosen;
        out.copy(i, inputs.get(chosen), positions[chosen][i]);
        if (condition.errors[at] != 0) {
            double gap = Math.abs(out.number(i) - inputs.get(other).number(positions[other][i]));
            out.errors[i] = orInfinite(out.errors[i] + gap + inputs.get(other).errors[positions[other][i]]);
        }
    }

    private void unary(ScalarOp op, Value out, int i, Value x, int at) {
        if (op == ScalarOp.IS_NAN || op == ScalarOp.IS_FINITE) {
            double value = x.number(at);
            boolean result = op == ScalarOp.IS_NAN ? Double.isNaN(value) : Double.isFinite(value);
            rounding.store(out, i, result ? 1 : 0, Double.isInfinite(x.errors[at]) ? 1 : 0);
        } else if (x.isReal()) {
            double value = x.reals[at];
            double error = x.errors[at] == 0 ? 0 : unaryError(op, value, x.errors[at]);
            rounding.store(out, i, RealFunctions.unary(op, value), error, ulps(op, out.dtype));
        } else {
            double error = op == ScalarOp.SQUARE && x.errors[at] != 0 ? Double.POSITIVE_INFINITY : x.errors[at];
            rounding.store(out, i, IntegerFunctions.unary(op, x.integers[at]), error);
        }
    }

    private static double ulps(ScalarOp op, DType dtype) {
        return op.accuracy().ulps(dtype);
    }

    private static double unaryError(ScalarOp op, double x, double error) {
        return switch (op) {
            case NEGATIVE, ABS, RELU, SIN, COS -> error;
            case GELU -> 1.2 * error;
            case SQUARE -> 2 * Math.abs(x) * error + error * error;
            case TAN ->
                error * 8 * (1 + square(RealFunctions.unary(op, x))) > 0.1
                        ? Double.POSITIVE_INFINITY
                        : error * 2 * (1 + square(RealFunctions.unary(op, x)));
            case RECIPROCAL -> Math.abs(x) <= error ? Double.POSITIVE_INFINITY : ends(op, x, error);
            default -> ends(op, x, error);
        };
    }

    private static double square(double x) {
        return x * x;
    }

    /** For a monotonic function: the larger of the distances that the ends of the interval are moved. */
    private static double ends(ScalarOp op, double x, double error) {
        double value = RealFunctions.unary(op, x);
        double low = RealFunctions.unary(op, x - error) - value;
        double high = RealFunctions.unary(op, x + error) - value;
        return orInfinite(Math.max(Math.abs(low), Math.abs(high)));
    }

    private static double orInfinite(double error) {
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    private void binary(ScalarOp op, Value out, int i, Value x, int xAt, Value y, int yAt) {
        double xError = x.errors[xAt];
        double yError = y.errors[yAt];
        if (op.rule() == ScalarOp.Rule.PREDICATE) {
            boolean near = Math.abs(x.number(xAt) - y.number(yAt)) <= xError + yError;
            boolean unsure = xError + yError > 0 && (near || Double.isInfinite(xError + yError));
            boolean result = x.isReal()
                    ? RealFunctions.compare(op, x.reals[xAt], y.reals[yAt])
                    : IntegerFunctions.compare(op, x.integers[xAt], y.integers[yAt]);
            rounding.store(out, i, result ? 1 : 0, unsure ? 1 : 0);
        } else if (x.isReal()) {
            double result = RealFunctions.binary(op, x.reals[xAt], y.reals[yAt]);
            double error = xError + yError == 0 ? 0 : binaryError(op, x.reals[xAt], xError, y.reals[yAt], yError);
            rounding.store(out, i, result, orInfinite(error), binaryUlps(op, out.dtype, result));
        } else {
            long result = IntegerFunctions.binary(op, x.dtype, x.integers[xAt], y.integers[yAt]);
            boolean additive = op == ScalarOp.ADD || op == ScalarOp.SUBTRACT || out.dtype == DType.BOOL;
            boolean ordered = op == ScalarOp.MINIMUM || op == ScalarOp.MAXIMUM;
            double error = xError + yError;
            rounding.store(out, i, result, error == 0 || additive || ordered ? error : Double.POSITIVE_INFINITY);
        }
    }

    // A backend may form the quotient first and round it to the dtype: next to an integer it may land on either side.
    private static double binaryUlps(ScalarOp op, DType dtype, double result) {
        return op == ScalarOp.FLOOR_DIVIDE && Double.isFinite(result) ? 1 : ulps(op, dtype);
    }

    private static double binaryError(ScalarOp op, double x, double xError, double y, double yError) {
        return switch (op) {
            case ADD, SUBTRACT -> xError + yError;
            case MINIMUM, MAXIMUM -> Math.max(xError, yError);
            case MULTIPLY -> Math.abs(x) * yError + Math.abs(y) * xError + xError * yError;
            case DIVIDE, FLOOR_DIVIDE, MOD ->
                Math.abs(y) <= yError
                        ? Double.POSITIVE_INFINITY
                        : op == ScalarOp.MOD ? modError(x, xError, y, yError) : corners(op, x, xError, y, yError);
            default -> x > xError ? corners(op, x, xError, y, yError) : Double.POSITIVE_INFINITY;
        };
    }

    private static double modError(double x, double xError, double y, double yError) {
        double jump = corners(ScalarOp.FLOOR_DIVIDE, x, xError, y, yError);
        double drift = xError + Math.abs(StrictMath.floor(x / y)) * yError;
        return jump > 0 ? drift + Math.abs(y) + yError : drift;
    }

    private static double corners(ScalarOp op, double x, double xError, double y, double yError) {
        double value = RealFunctions.binary(op, x, y);
        double largest = 0;
        for (double dx : new double[] {-xError, xError}) {
            for (double dy : new double[] {-yError, yError}) {
                double moved = Math.abs(RealFunctions.binary(op, x + dx, y + dy) - value);
                largest = Double.isNaN(moved) ? Double.POSITIVE_INFINITY : Math.max(largest, moved);
            }
        }
        return largest;
    }

    Value cast(Value x, DType dtype) {
        Value out = new Value(dtype, x.sizes);
        for (int i = 0; i < out.count(); i++) {
            double error = x.errors[i];
            if (dtype == DType.BOOL) {
                boolean unsure = error > 0 && Math.abs(x.number(i)) <= error;
                rounding.store(out, i, x.number(i) != 0 ? 1 : 0, unsure ? 1 : 0);
            } else if (dtype.isFloating()) {
                double number = x.number(i);
                boolean exact = x.isReal() ? x.dtype == dtype || dtype == DType.FLOAT64 : x.dtype != DType.INT64;
                boolean small = !x.isReal() && Math.abs(number) <= 1 << 24;
                rounding.store(out, i, number, error, (exact && dtype == DType.FLOAT64) || small ? 0 : 0.5);
            } else if (x.isReal()) {
                toInteger(out, i, x.reals[i], error);
            } else {
                rounding.store(out, i, x.integers[i], error);
            }
        }
        return out;
    }

    private void toInteger(Value out, int i, double real, double error) {
        long result = truncate(out.dtype, real);
        double below = result - (double) truncate(out.dtype, real - error);
        double above = truncate(out.dtype, real + error) - (double) result;
        rounding.store(out, i, result, error == 0 ? 0 : Double.isInfinite(error) ? error : Math.max(below, above));
    }

    private static long truncate(DType dtype, double real) {
        return dtype == DType.INT32 ? (int) real : (long) real;
    }
}
