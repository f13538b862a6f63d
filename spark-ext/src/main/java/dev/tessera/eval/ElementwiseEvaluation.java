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
            double gap =
                    ErrorPropagation.distance(out.number(i), inputs.get(other).number(positions[other][i]));
            out.errors[i] += gap + inputs.get(other).errors[positions[other][i]];
        }
    }

    private void unary(ScalarOp op, Value out, int i, Value x, int at) {
        if (op == ScalarOp.IS_NAN || op == ScalarOp.IS_FINITE) {
            double value = x.number(at);
            boolean result = op == ScalarOp.IS_NAN ? Double.isNaN(value) : Double.isFinite(value);
            rounding.store(out, i, result ? 1 : 0, Double.isInfinite(x.errors[at]) ? 1 : 0);
        } else if (x.isReal()) {
            double value = x.reals[at];
            double result = RealFunctions.unary(op, value);
            double error = ErrorPropagation.unary(op, value, x.errors[at]) + cancellation(op, value, out.dtype);
            boolean isSignFree = x.errors[at] != 0 || op == ScalarOp.RELU;
            rounding.store(out, i, result, withSign(result, error, isSignFree), ulps(op, out.dtype));
        } else {
            double error = op == ScalarOp.SQUARE && x.errors[at] != 0 ? Double.POSITIVE_INFINITY : x.errors[at];
            rounding.store(out, i, IntegerFunctions.unary(op, x.integers[at]), error);
        }
    }

    /** The left tail of gelu is the difference of terms of the size of x, and only as good as they are. */
    private static double cancellation(ScalarOp op, double x, DType dtype) {
        boolean isTail = op == ScalarOp.GELU && x < 0 && Double.isFinite(x);
        return isTail ? 4 * Rounding.unitRoundoff(dtype) * -x : 0;
    }

    private static double withSign(double result, double error, boolean isSignFree) {
        return result == 0 && isSignFree ? Math.max(error, ErrorPropagation.SIGN_OF_ZERO) : error;
    }

    private static double ulps(ScalarOp op, DType dtype) {
        return op.accuracy().ulps(dtype);
    }

    private void binary(ScalarOp op, Value out, int i, Value x, int xAt, Value y, int yAt) {
        if (op.rule() == ScalarOp.Rule.PREDICATE) {
            compare(op, out, i, x, xAt, y, yAt);
            return;
        }
        double xError = x.errors[xAt];
        double yError = y.errors[yAt];
        boolean isExtremum = op == ScalarOp.MINIMUM || op == ScalarOp.MAXIMUM;
        if (x.isReal()) {
            double result = RealFunctions.binary(op, x.reals[xAt], y.reals[yAt]);
            double error = ErrorPropagation.binary(op, x.reals[xAt], xError, y.reals[yAt], yError);
            double step = op == ScalarOp.FLOOR_DIVIDE ? uncertainStep(result, out.dtype) : 0;
            boolean isSignFree = isExtremum || xError != 0 || yError != 0;
            rounding.store(
                    out, i, result, withSign(result, error + step, isSignFree), binaryUlps(op, out.dtype, result));
        } else {
            long result = IntegerFunctions.binary(op, x.dtype, x.integers[xAt], y.integers[yAt]);
            boolean additive = op == ScalarOp.ADD || op == ScalarOp.SUBTRACT || out.dtype == DType.BOOL;
            double error = xError + yError;
            rounding.store(out, i, result, error == 0 || additive || isExtremum ? error : Double.POSITIVE_INFINITY);
        }
    }

    private void compare(ScalarOp op, Value out, int i, Value x, int xAt, Value y, int yAt) {
        double error = x.uncertainty(xAt) + y.uncertainty(yAt);
        boolean isNear = Math.abs(x.number(xAt) - y.number(yAt)) <= error;
        boolean isUnsure = error > 0 && (isNear || Double.isInfinite(error));
        boolean result = x.isReal()
                ? RealFunctions.compare(op, x.reals[xAt], y.reals[yAt])
                : IntegerFunctions.compare(op, x.integers[xAt], y.integers[yAt]);
        rounding.store(out, i, result ? 1 : 0, isUnsure ? 1 : 0);
    }

    /** NumPy divides {@code x - x % y}, rounded to the dtype: quotients beyond 2^22 (or 2^51) may be one off. */
    private static double uncertainStep(double quotient, DType dtype) {
        boolean isLarge = Math.abs(quotient) >= 0.25 / Rounding.unitRoundoff(dtype);
        return isLarge && Double.isFinite(quotient) ? 1 : 0;
    }

    private static double binaryUlps(ScalarOp op, DType dtype, double result) {
        return op == ScalarOp.FLOOR_DIVIDE && Double.isFinite(result) && result != 0 ? 1 : ulps(op, dtype);
    }

    Value cast(Value x, DType dtype) {
        Value out = new Value(dtype, x.sizes);
        for (int i = 0; i < out.count(); i++) {
            double error = x.errors[i];
            if (dtype == DType.BOOL) {
                double uncertainty = x.uncertainty(i);
                boolean isUnsure = uncertainty > 0 && !(Math.abs(x.number(i)) > uncertainty);
                rounding.store(out, i, x.number(i) != 0 ? 1 : 0, isUnsure ? 1 : 0);
            } else if (dtype.isFloating()) {
                rounding.store(out, i, toReal(x, i, dtype), error, isExact(x, i, dtype) ? 0 : 0.5);
            } else if (x.isReal()) {
                toInteger(out, i, x.reals[i], error);
            } else {
                rounding.store(out, i, x.integers[i], error);
            }
        }
        return out;
    }

    /** A long becomes a float in one rounding, where by way of a double it would be two. */
    private double toReal(Value x, int i, DType dtype) {
        boolean isDirect = rounding == Rounding.FAITHFUL && !x.isReal() && dtype == DType.FLOAT32;
        return isDirect ? (float) x.integers[i] : x.number(i);
    }

    private static boolean isExact(Value x, int i, DType dtype) {
        if (x.isReal()) {
            return x.dtype == dtype || dtype == DType.FLOAT64;
        }
        long largest = dtype == DType.FLOAT32 ? 1L << 24 : 1L << 53;
        return x.integers[i] >= -largest && x.integers[i] <= largest;
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
