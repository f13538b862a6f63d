package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.FloatConstants.*;

/**
 * Logarithms over at most {@link FloatExponentials#BLOCK} elements, in stages. A block with arguments outside the
 * ordinary range is computed first and those elements then again, one by one. Confined to one thread.
 */
final class FloatLogarithms {
    private static final int BLOCK = FloatExponentials.BLOCK;
    private static final int MANTISSA = 0x007fffff;

    private final float[] argument = new float[BLOCK];
    private final float[] fraction = new float[BLOCK];
    private final float[] exponent = new float[BLOCK];
    private final float[] lost = new float[BLOCK];

    void log(float[] x, int xAt, float[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        logOfParts(out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isNormal(argument[i])) {
                out[outAt + i] = (float) Math.log(argument[i]);
            }
        }
    }

    void log2(float[] x, int xAt, float[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        float[] f = fraction;
        float[] k = exponent;
        for (int i = 0; i < n; i++) {
            float y = f[i] * f[i] * polynomial(f[i]);
            float r = Math.fma(f[i], LOG2_E_HIGH, k[i]);
            float low = Math.fma(f[i], LOG2_E_HIGH, k[i] - r);
            out[outAt + i] = r + (low + Math.fma(y, LOG2_E_HIGH, f[i] * LOG2_E_LOW));
        }
        for (int i = 0; special && i < n; i++) {
            if (!isNormal(argument[i])) {
                out[outAt + i] = (float) RealFunctions.log2(argument[i]);
            }
        }
    }

    void log1p(float[] x, int xAt, float[] out, int outAt, int n) {
        float[] c = lost;
        float[] sums = fraction;
        for (int i = 0; i < n; i++) {
            float u = x[xAt + i] + 1;
            float b = u - x[xAt + i];
            c[i] = (x[xAt + i] - (u - b)) + (1 - b);
            sums[i] = u;
        }
        boolean special = false;
        for (int i = 0; i < n; i++) {
            float value = x[xAt + i];
            argument[i] = value;
            special |= !isOrdinary(value);
            int bits = Float.floatToRawIntBits(sums[i]);
            int k = (bits - SQRT_HALF_BITS) >> 23;
            exponent[i] = k;
            fraction[i] = Float.intBitsToFloat(bits - (k << 23)) - 1 + c[i] * Float.intBitsToFloat((127 - k) << 23);
        }
        logOfParts(out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(argument[i])) {
                out[outAt + i] = (float) Math.log1p(argument[i]);
            }
        }
    }

    private static boolean isNormal(float x) {
        return x >= Float.MIN_NORMAL && x <= Float.MAX_VALUE;
    }

    /** Whether log1p keeps the sign of zero, and 2^-k does not underflow. */
    private static boolean isOrdinary(float x) {
        return x > -1 && x < LOG1P_HIGHEST && x != 0;
    }

    /** Takes apart x = (1 + fraction) 2^exponent, and keeps it; tells whether any is not positive and normal. */
    private boolean split(float[] x, int xAt, int n) {
        boolean special = false;
        for (int i = 0; i < n; i++) {
            argument[i] = x[xAt + i];
            int bits = Float.floatToRawIntBits(x[xAt + i]);
            special |= bits <= MANTISSA || bits >= 0x7f800000;
            int k = (bits - SQRT_HALF_BITS) >> 23;
            exponent[i] = k;
            fraction[i] = Float.intBitsToFloat(bits - (k << 23)) - 1;
        }
        return special;
    }

    private void logOfParts(float[] out, int outAt, int n) {
        float[] f = fraction;
        float[] k = exponent;
        for (int i = 0; i < n; i++) {
            float y = f[i] * f[i] * polynomial(f[i]);
            float big = k[i] * LN2_HIGH;
            float r = big + f[i];
            float low = (big - r) + f[i];
            out[outAt + i] = r + (low + Math.fma(k[i], LN2_LOW, y));
        }
    }

    /** {@code (log(1 + f) - f) / f^2}. */
    private static float polynomial(float f) {
        float p = Math.fma(Math.fma(Math.fma(LOG_10, f, LOG_9), f, LOG_8), f, LOG_7);
        p = Math.fma(Math.fma(Math.fma(p, f, LOG_6), f, LOG_5), f, LOG_4);
        return Math.fma(Math.fma(p, f, LOG_3), f, -0.5f);
    }
}
