package dev.tessera.eval;

import dev.tessera.tensor.DType;

/**
 * How results become values of a dtype. Faithful rounds every result to its dtype and keeps no errors; wide keeps doubles
 * and lets the error grow by what a backend's rounding may add.
 */
enum Rounding {
    FAITHFUL,
    WIDE;

    /** Half the distance between 1 and the next value. */
    static double unitRoundoff(DType dtype) {
        return dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53;
    }

    /** The distance from {@code value} to its neighbour in {@code dtype}; at least that of subnormals. */
    static double ulp(DType dtype, double value) {
        double magnitude = Math.abs(value);
        if (dtype == DType.FLOAT32) {
            return magnitude > Float.MAX_VALUE ? Math.ulp(Float.MAX_VALUE) : Math.ulp((float) magnitude);
        }
        return magnitude > Double.MAX_VALUE ? Math.ulp(Double.MAX_VALUE) : Math.ulp(magnitude);
    }

    static double largest(DType dtype) {
        return dtype == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
    }

    /** Stores a float result whose inputs bring {@code error}, computed by the backend within {@code ulps}. */
    void store(Value out, int i, double result, double error, double ulps) {
        if (this == FAITHFUL) {
            out.reals[i] = out.dtype == DType.FLOAT32 ? (float) result : result;
            return;
        }
        if (Double.isNaN(result) || Double.isNaN(error)) {
            out.reals[i] = result;
            out.errors[i] = error == 0 ? 0 : Double.POSITIVE_INFINITY;
            return;
        }
        double grown = error;
        boolean isExactZero = result == 0 && error == 0 && ulps <= 0.5;
        if (ulps > 0 && !Double.isInfinite(result) && !isExactZero) {
            // The evaluator's own doubles are within 2 ulp of the exact result, or rounded from other arguments than
            // the
            // backend's; counted where that is not negligible.
            double own = ulps > 0.5 ? 2 : error != 0 ? 0.5 : 0;
            double counted = out.dtype == DType.FLOAT64 ? ulps + own : ulps;
            double reached = Math.abs(result) + (Double.isInfinite(error) ? 0 : error);
            grown += counted * ulp(out.dtype, reached);
        }
        double largest = largest(out.dtype);
        double magnitude = Math.abs(result);
        if (magnitude - grown > largest * (1 + unitRoundoff(out.dtype))) {
            out.reals[i] = Math.copySign(Double.POSITIVE_INFINITY, result);
            out.errors[i] = 0;
        } else {
            out.reals[i] = result;
            out.errors[i] = magnitude + grown > largest ? Double.POSITIVE_INFINITY : grown;
        }
    }

    /** Stores an exact integer result. */
    void store(Value out, int i, long result, double error) {
        out.integers[i] =
                out.dtype == DType.INT32 ? (int) result : out.dtype == DType.BOOL ? (result != 0 ? 1 : 0) : result;
        out.errors[i] = this == FAITHFUL ? 0 : error;
    }
}
