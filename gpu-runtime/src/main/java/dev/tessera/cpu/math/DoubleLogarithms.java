package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.DoubleConstants.*;

/**
 * Logarithms over at most {@link DoubleExponentials#BLOCK} elements, in stages. A block with arguments outside the
 * ordinary range is computed first and those elements then again, one by one. Confined to one thread.
 */
final class DoubleLogarithms {
    private static final int BLOCK = DoubleExponentials.BLOCK;

    private final double[] argument = new double[BLOCK];
    private final double[] fraction = new double[BLOCK];
    private final double[] exponent = new double[BLOCK];
    private final double[] lost = new double[BLOCK];
    private final double[] quotient = new double[BLOCK];
    private final double[] square = new double[BLOCK];
    private final double[] correction = new double[BLOCK];

    void log(double[] x, int xAt, double[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        logOfParts(out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isNormal(argument[i])) {
                out[outAt + i] = Math.log(argument[i]);
            }
        }
    }

    void log2(double[] x, int xAt, double[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        correct(n);
        double[] f = fraction;
        double[] k = exponent;
        double[] y = correction;
        for (int i = 0; i < n; i++) {
            double r = Math.fma(f[i], LOG2_E, k[i]);
            double low = Math.fma(f[i], LOG2_E, k[i] - r);
            out[outAt + i] = r + (low + Math.fma(y[i], LOG2_E, f[i] * LOG2_E_LOW));
        }
        for (int i = 0; special && i < n; i++) {
            if (!isNormal(argument[i])) {
                out[outAt + i] = RealFunctions.log2(argument[i]);
            }
        }
    }

    void log1p(double[] x, int xAt, double[] out, int outAt, int n) {
        boolean special = false;
        for (int i = 0; i < n; i++) {
            argument[i] = x[xAt + i];
            special |= !isOrdinary(x[xAt + i]);
        }
        splitSums(argument, n);
        logOfParts(out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(argument[i])) {
                out[outAt + i] = Math.log1p(argument[i]);
            }
        }
    }

    /** log(1 + x) for x from 0 to 1, or NaN. */
    void log1pOfFractions(double[] x, double[] out, int n) {
        splitSums(x, n);
        logOfParts(out, 0, n);
    }

    private static boolean isNormal(double x) {
        return x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE;
    }

    /** Whether log1p keeps the sign of zero, and 2^-k does not underflow. */
    private static boolean isOrdinary(double x) {
        return x > -1 && x < LOG1P_HIGHEST && x != 0;
    }

    /** Takes apart x = (1 + fraction) 2^exponent, and keeps it; tells whether any is not positive and normal. */
    private boolean split(double[] x, int xAt, int n) {
        boolean special = false;
        for (int i = 0; i < n; i++) {
            argument[i] = x[xAt + i];
            long bits = Double.doubleToRawLongBits(x[xAt + i]);
            special |= bits < MIN_NORMAL_BITS || bits >= INFINITY_BITS;
            long k = (bits - SQRT_HALF_BITS) >> 52;
            exponent[i] = k;
            fraction[i] = Double.longBitsToDouble(bits - (k << 52)) - 1;
        }
        return special;
    }

    /** Takes 1 + x apart, with what the sum loses. */
    private void splitSums(double[] x, int n) {
        double[] c = lost;
        double[] sums = fraction;
        for (int i = 0; i < n; i++) {
            double u = x[i] + 1;
            double b = u - x[i];
            c[i] = (x[i] - (u - b)) + (1 - b);
            sums[i] = u;
        }
        for (int i = 0; i < n; i++) {
            long bits = Double.doubleToRawLongBits(sums[i]);
            long k = (bits - SQRT_HALF_BITS) >> 52;
            exponent[i] = k;
            double mantissa = Double.longBitsToDouble(bits - (k << 52));
            fraction[i] = mantissa - 1 + c[i] * Double.longBitsToDouble((1023 - k) << 52);
        }
    }

    private void logOfParts(double[] out, int outAt, int n) {
        correct(n);
        double[] f = fraction;
        double[] k = exponent;
        double[] y = correction;
        for (int i = 0; i < n; i++) {
            double big = k[i] * LN2_HIGH;
            double r = big + f[i];
            double low = (big - r) + f[i];
            out[outAt + i] = r + (low + Math.fma(k[i], LN2_LOW, y[i]));
        }
    }

    /**
     * Leaves log(1 + f) - f in {@link #correction}: with s = f / (2 + f), log(1 + f) = 2 artanh(s) = 2s + s R(s^2), and
     * 2s = f - s f.
     */
    private void correct(int n) {
        double[] f = fraction;
        double[] s = quotient;
        double[] z = square;
        for (int i = 0; i < n; i++) {
            s[i] = f[i] / (2 + f[i]);
            z[i] = s[i] * s[i];
        }
        double[] p = correction;
        LOG.evaluate(z, p, n);
        for (int i = 0; i < n; i++) {
            p[i] = -s[i] * Math.fma(-z[i], p[i], f[i]);
        }
    }
}
