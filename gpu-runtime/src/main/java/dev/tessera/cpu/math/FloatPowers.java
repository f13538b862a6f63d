package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.FloatConstants.*;

/**
 * Powers over at most {@link FloatExponentials#BLOCK} elements, in stages: 2 to the y log2 |x|, the logarithm as a sum
 * of two floats. Negative bases get their sign afterwards; other special ones are computed again, one by one. Confined
 * to one thread.
 */
final class FloatPowers {
    private static final int BLOCK = FloatExponentials.BLOCK;

    private final float[] base = new float[BLOCK];
    private final float[] power = new float[BLOCK];
    private final float[] exponent = new float[BLOCK];
    private final float[] quotient = new float[BLOCK];
    private final float[] quotientTail = new float[BLOCK];
    private final float[] square = new float[BLOCK];
    private final float[] polynomial = new float[BLOCK];

    void pow(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        System.arraycopy(x, xAt, base, 0, n);
        System.arraycopy(y, yAt, power, 0, n);
        boolean special = split(n);
        divide(n);
        logarithm(n);
        exponent(n);
        float[] w = quotient;
        float[] p = polynomial;
        for (int i = 0; i < n; i++) {
            float q = Math.fma(Math.fma(EXP_6, w[i], EXP_5), w[i], EXP_4);
            q = Math.fma(Math.fma(q, w[i], EXP_3), w[i], EXP_2);
            p[i] = 1 + (w[i] + Math.fma(w[i] * w[i], q, quotientTail[i]));
        }
        FloatExponentials.scale(p, exponent, out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            out[outAt + i] = mend(out[outAt + i], base[i], power[i]);
        }
    }

    /** Leaves the fraction of the base's size in quotient; tells whether any base or power is special. */
    private boolean split(int n) {
        boolean special = false;
        for (int i = 0; i < n; i++) {
            int bits = Float.floatToRawIntBits(base[i]);
            special |= bits < 0x00800000 || bits >= 0x7f800000 || !(Math.abs(power[i]) <= Float.MAX_VALUE);
            bits &= Integer.MAX_VALUE;
            int k = (bits - SQRT_HALF_BITS) >> 23;
            exponent[i] = k;
            quotient[i] = Float.intBitsToFloat(bits - (k << 23)) - 1;
        }
        return special;
    }

    /** Takes the fractions f to s = f / (2 + f), in two parts, and its square. */
    private void divide(int n) {
        float[] s = quotient;
        float[] low = quotientTail;
        float[] z = square;
        for (int i = 0; i < n; i++) {
            float f = s[i];
            float d = 2 + f;
            float q = f / d;
            low[i] = Math.fma(-q, f - (d - 2), Math.fma(-q, d, f)) / d;
            s[i] = q;
            z[i] = q * q;
        }
    }

    /** Leaves log2 of the mantissa in two parts, in quotient and its tail. */
    private void logarithm(int n) {
        float[] s = quotient;
        float[] low = quotientTail;
        float[] z = square;
        float[] p = polynomial;
        for (int i = 0; i < n; i++) {
            float q = z[i] * Math.fma(Math.fma(LOG2_9, z[i], LOG2_7), z[i], LOG2_5);
            float third = LOG2_3 + q;
            float thirdLow = ((LOG2_3 - third) + q) + LOG2_3_LOW;
            float squareLow = Math.fma(s[i], s[i], -z[i]) + 2 * s[i] * low[i];
            float rise = z[i] * third;
            p[i] = rise;
            z[i] = Math.fma(z[i], third, -rise) + Math.fma(z[i], thirdLow, squareLow * third);
        }
        for (int i = 0; i < n; i++) {
            float first = LOG2_1 + p[i];
            float firstLow = ((LOG2_1 - first) + p[i]) + (z[i] + LOG2_1_LOW);
            float log = s[i] * first;
            low[i] = Math.fma(s[i], first, -log) + Math.fma(s[i], firstLow, low[i] * first);
            s[i] = log;
        }
    }

    /** Leaves the shifted exponents of the results, and the remainders times ln 2 in quotient and its tail. */
    private void exponent(int n) {
        float[] s = quotient;
        float[] low = quotientTail;
        float[] k = exponent;
        float[] y = square;
        for (int i = 0; i < n; i++) {
            // Beyond it every power of another base than 1 overflows or underflows.
            y[i] = Math.min(Math.max(power[i], -POWER_HIGHEST), POWER_HIGHEST);
            float log = k[i] + s[i];
            low[i] = ((k[i] - log) + s[i]) + low[i];
            s[i] = log;
        }
        for (int i = 0; i < n; i++) {
            float product = y[i] * s[i];
            float productLow = Math.fma(y[i], s[i], -product) + y[i] * low[i];
            s[i] = Math.min(Math.max(product, EXP2_LOWEST), EXP2_HIGHEST);
            low[i] = Math.min(Math.max(productLow, -1), 1);
        }
        for (int i = 0; i < n; i++) {
            float shifted = s[i] + SHIFTER;
            float r = (s[i] - (shifted - SHIFTER)) + low[i];
            float w = r * LN2;
            low[i] = Math.fma(r, LN2_TAIL, Math.fma(r, LN2, -w));
            s[i] = w;
            k[i] = shifted;
        }
    }

    /** Takes the power of a negative base from that of its size; computes special cases anew. */
    private static float mend(float ofSize, float x, float y) {
        float size = Math.abs(x);
        boolean isOrdinary = size >= Float.MIN_NORMAL && size <= Float.MAX_VALUE && Math.abs(y) <= Float.MAX_VALUE;
        if (!isOrdinary) {
            return (float) RealFunctions.pow(x, y);
        }
        if (x > 0) {
            return ofSize;
        }
        boolean isInteger = y == (float) Math.rint(y);
        boolean isOdd = isInteger && Math.abs(y) < 0x1p24f && ((int) y & 1) != 0;
        return isOdd ? -ofSize : isInteger ? ofSize : Float.NaN;
    }
}
