package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.DoubleConstants.*;

/**
 * Powers over at most {@link DoubleExponentials#BLOCK} elements, in stages: 2 to the y log2 |x|, the logarithm as a sum
 * of two doubles. Negative bases get their sign afterwards; other special ones are computed again, one by one. Confined
 * to one thread.
 */
final class DoublePowers {
    private static final int BLOCK = DoubleExponentials.BLOCK;

    private final double[] base = new double[BLOCK];
    private final double[] power = new double[BLOCK];
    private final double[] exponent = new double[BLOCK];
    private final double[] quotient = new double[BLOCK];
    private final double[] quotientTail = new double[BLOCK];
    private final double[] square = new double[BLOCK];
    private final double[] polynomial = new double[BLOCK];

    void pow(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        System.arraycopy(x, xAt, base, 0, n);
        System.arraycopy(y, yAt, power, 0, n);
        boolean special = split(n);
        divide(n);
        LOG2_TAIL.evaluate(square, polynomial, n);
        logarithm(n);
        exponent(n);
        EXP.evaluate(quotient, polynomial, n);
        double[] w = quotient;
        double[] p = polynomial;
        for (int i = 0; i < n; i++) {
            p[i] = 1 + (w[i] + Math.fma(w[i] * w[i], p[i], quotientTail[i]));
        }
        DoubleExponentials.scale(p, exponent, out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            out[outAt + i] = mend(out[outAt + i], base[i], power[i]);
        }
    }

    /** Leaves the fraction of the base's size in quotient; tells whether any base or power is special. */
    private boolean split(int n) {
        boolean special = false;
        for (int i = 0; i < n; i++) {
            long bits = Double.doubleToRawLongBits(base[i]);
            special |= bits < MIN_NORMAL_BITS || bits >= INFINITY_BITS || !(Math.abs(power[i]) <= Double.MAX_VALUE);
            bits &= Long.MAX_VALUE;
            long k = (bits - SQRT_HALF_BITS) >> 52;
            exponent[i] = k;
            quotient[i] = Double.longBitsToDouble(bits - (k << 52)) - 1;
        }
        return special;
    }

    /** Takes the fractions f to s = f / (2 + f), in two parts, and its square. */
    private void divide(int n) {
        double[] s = quotient;
        double[] low = quotientTail;
        double[] z = square;
        for (int i = 0; i < n; i++) {
            double f = s[i];
            double d = 2 + f;
            double q = f / d;
            low[i] = Math.fma(-q, f - (d - 2), Math.fma(-q, d, f)) / d;
            s[i] = q;
            z[i] = q * q;
        }
    }

    /** Leaves log2 of the mantissa in two parts, in quotient and its tail. */
    private void logarithm(int n) {
        double[] s = quotient;
        double[] low = quotientTail;
        double[] z = square;
        double[] p = polynomial;
        for (int i = 0; i < n; i++) {
            double q = z[i] * p[i];
            double third = LOG2_3 + q;
            double thirdLow = ((LOG2_3 - third) + q) + LOG2_3_LOW;
            double squareLow = Math.fma(s[i], s[i], -z[i]) + 2 * s[i] * low[i];
            double rise = z[i] * third;
            p[i] = rise;
            z[i] = Math.fma(z[i], third, -rise) + Math.fma(z[i], thirdLow, squareLow * third);
        }
        for (int i = 0; i < n; i++) {
            double first = LOG2_1 + p[i];
            double firstLow = ((LOG2_1 - first) + p[i]) + (z[i] + LOG2_1_LOW);
            double log = s[i] * first;
            low[i] = Math.fma(s[i], first, -log) + Math.fma(s[i], firstLow, low[i] * first);
            s[i] = log;
        }
    }

    /** Leaves the shifted exponents of the results, and the remainders times ln 2 in quotient and its tail. */
    private void exponent(int n) {
        double[] s = quotient;
        double[] low = quotientTail;
        double[] k = exponent;
        double[] y = square;
        for (int i = 0; i < n; i++) {
            // Beyond it every power of another base than 1 overflows or underflows.
            y[i] = Math.min(Math.max(power[i], -POWER_HIGHEST), POWER_HIGHEST);
            double log = k[i] + s[i];
            low[i] = ((k[i] - log) + s[i]) + low[i];
            s[i] = log;
        }
        for (int i = 0; i < n; i++) {
            double product = y[i] * s[i];
            double productLow = Math.fma(y[i], s[i], -product) + y[i] * low[i];
            s[i] = Math.min(Math.max(product, EXP2_LOWEST), EXP2_HIGHEST);
            low[i] = Math.min(Math.max(productLow, -1), 1);
        }
        for (int i = 0; i < n; i++) {
            double shifted = s[i] + SHIFTER;
            double r = (s[i] - (shifted - SHIFTER)) + low[i];
            double w = r * LN2;
            low[i] = Math.fma(r, LN2_TAIL, Math.fma(r, LN2, -w));
            s[i] = w;
            k[i] = shifted;
        }
    }

    /** Takes the power of a negative base from that of its size; computes special cases anew. */
    private static double mend(double ofSize, double x, double y) {
        double size = Math.abs(x);
        boolean isOrdinary = size >= Double.MIN_NORMAL && size <= Double.MAX_VALUE && Math.abs(y) <= Double.MAX_VALUE;
        if (!isOrdinary) {
            return RealFunctions.pow(x, y);
        }
        if (x > 0) {
            return ofSize;
        }
        boolean isInteger = y == Math.rint(y);
        boolean isOdd = isInteger && Math.abs(y) < 0x1p53 && ((long) y & 1) != 0;
        return isOdd ? -ofSize : isInteger ? ofSize : Double.NaN;
    }
}
