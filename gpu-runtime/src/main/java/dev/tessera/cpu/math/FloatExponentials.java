package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.FloatConstants.*;

/**
 * Functions made of exp, over at most {@link #BLOCK} elements, in stages: loops of arithmetic that C2 vectorises, and
 * scalar loops for what it does not (bit casts, choices). Holds the values between stages; confined to one thread.
 */
final class FloatExponentials {
    static final int BLOCK = 256;

    private final float[] shifted = new float[BLOCK];
    private final float[] power = new float[BLOCK];
    private final float[] rest = new float[BLOCK];
    private final float[] tail = new float[BLOCK];

    void exp(float[] x, int xAt, float[] out, int outAt, int n) {
        float[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.min(Math.max(x[xAt + i], EXP_LOWEST), EXP_HIGHEST);
        }
        reduce(n);
        scale(power, shifted, out, outAt, n);
    }

    /** Takes the arguments in {@link #shifted}; leaves shifted exponents there, and exp of the remainders in power. */
    private void reduce(int n) {
        float[] v = shifted;
        float[] p = power;
        for (int i = 0; i < n; i++) {
            float k = Math.fma(v[i], LOG2_E, SHIFTER);
            float m = k - SHIFTER;
            float near = Math.fma(m, -LN2_HIGH, v[i]);
            float low = m * -LN2_LOW;
            float r = near + low;
            float q = Math.fma(Math.fma(EXP_6, r, EXP_5), r, EXP_4);
            q = Math.fma(Math.fma(q, r, EXP_3), r, EXP_2);
            // From the two parts of r, the first of which is exact: rounded, it alone would take this past 1 ulp.
            p[i] = Math.fma(r * r, q, low) + near + 1;
            v[i] = k;
        }
    }

    /** Multiplies by 2 to the shifted exponents: in two factors, so that a subnormal result is rounded once. */
    static void scale(float[] p, float[] shifted, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            int exponent = Float.floatToRawIntBits(shifted[i]) - SHIFTER_BITS;
            int half = exponent >> 1;
            out[outAt + i] = p[i]
                    * Float.intBitsToFloat((half + 127) << 23)
                    * Float.intBitsToFloat((exponent - half + 127) << 23);
        }
    }

    void expm1(float[] x, int xAt, float[] out, int outAt, int n) {
        float[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.min(Math.max(x[xAt + i], EXPM1_LOWEST), EXP_HIGHEST);
        }
        boolean zeros = halveExpm1(n);
        float[] p = power;
        for (int i = 0; i < n; i++) {
            out[outAt + i] = p[i] * 2;
        }
        if (zeros) {
            restoreZeros(out, outAt, n);
        }
    }

    void tanh(float[] x, int xAt, float[] out, int outAt, int n) {
        float[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.min(Math.max(x[xAt + i] * 2, -TANH_HIGHEST), TANH_HIGHEST);
        }
        boolean zeros = halveExpm1(n);
        float[] p = power;
        float[] t = tail;
        for (int i = 0; i < n; i++) {
            float e = p[i];
            float d = e + 1;
            float b = d - e;
            float lost = (e - (d - b)) + (1 - b);
            float inverse = 1 / d;
            float q = e * inverse;
            float error = Math.fma(-q, lost, Math.fma(-q, d, e)) + t[i];
            out[outAt + i] = Math.fma(error, inverse, q);
        }
        if (zeros) {
            restoreZeros(out, outAt, n);
        }
    }

    /**
     * Takes the arguments in {@link #shifted}; leaves half of expm1 in power, what rounding lost of it in tail, and the
     * remainders in rest. Half, because 2^128 is no float.
     *
     * @return whether an argument is zero, whose sign is lost
     */
    private boolean halveExpm1(int n) {
        float[] v = shifted;
        float[] rests = rest;
        float[] w = tail;
        for (int i = 0; i < n; i++) {
            float k = Math.fma(v[i], LOG2_E, SHIFTER);
            float m = k - SHIFTER;
            float near = Math.fma(m, -LN2_HIGH, v[i]);
            float r = Math.fma(m, -LN2_LOW, near);
            float lost = Math.fma(m, -LN2_LOW, near - r);
            float q = Math.fma(Math.fma(EXP_6, r, EXP_5), r, EXP_4);
            q = Math.fma(Math.fma(q, r, EXP_3), r, EXP_2);
            w[i] = Math.fma(r * r, q, lost);
            rests[i] = r;
            v[i] = k;
        }
        boolean zeros = false;
        for (int i = 0; i < n; i++) {
            zeros |= rests[i] == 0;
            v[i] = Float.intBitsToFloat((Float.floatToRawIntBits(v[i]) - SHIFTER_BITS + 126) << 23);
        }
        float[] p = power;
        for (int i = 0; i < n; i++) {
            float big = v[i] - 0.5f;
            float a = Math.fma(v[i], rests[i], big);
            float low = Math.fma(v[i], w[i], Math.fma(v[i], rests[i], big - a));
            float sum = a + low;
            p[i] = sum;
            w[i] = low - (sum - a);
        }
        return zeros;
    }

    private void restoreZeros(float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            if (rest[i] == 0) {
                out[outAt + i] = out[outAt + i] == 0 ? rest[i] : out[outAt + i];
            }
        }
    }

    void sigmoid(float[] x, int xAt, float[] out, int outAt, int n) {
        expOfNegativeSize(x, xAt, n);
        float[] p = power;
        for (int i = 0; i < n; i++) {
            float e = p[i];
            float d = 1 + e;
            float inverse = 1 / d;
            float q = e * inverse;
            float error = Math.fma(-q, e - (d - 1), Math.fma(-q, d, e));
            out[outAt + i] = Math.abs(step(x[xAt + i]) - Math.fma(error, inverse, q));
        }
    }

    /** 0 for negative x, 1 for positive x, NaN for NaN, without a choice, which would stop vectorisation. */
    private static float step(float x) {
        return Math.min(Math.max(x * 0x1p100f * 0x1p50f, 0), 1);
    }

    /** Leaves {@code exp(-|x|)} in power. */
    private void expOfNegativeSize(float[] x, int xAt, int n) {
        float[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.max(-Math.abs(x[xAt + i]), EXP_LOWEST);
        }
        reduce(n);
        scale(power, shifted, power, 0, n);
    }

    void softplus(FloatLogarithms logarithms, float[] x, int xAt, float[] out, int outAt, int n) {
        expOfNegativeSize(x, xAt, n);
        float[] p = power;
        float[] log = tail;
        logarithms.log1p(p, 0, log, 0, n);
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], 0) + log[i];
        }
    }

    void erf(float[] x, int xAt, float[] out, int outAt, int n) {
        float[] v = shifted;
        float[] small = rest;
        for (int i = 0; i < n; i++) {
            float s = x[xAt + i] * x[xAt + i];
            float r = Math.fma(Math.fma(ERF_11, s, ERF_9), s, ERF_7);
            r = Math.fma(Math.fma(Math.fma(r, s, ERF_5), s, ERF_3), s, ERF_1);
            small[i] = Math.fma(r, x[xAt + i], x[xAt + i]);
        }
        for (int i = 0; i < n; i++) {
            float t = Math.min(Math.abs(x[xAt + i]), ERF_HIGHEST);
            float r = Math.fma(Math.fma(ERFC_7, t, ERFC_6), t * t, Math.fma(ERFC_5, t, ERFC_4));
            r = Math.fma(Math.fma(Math.fma(r, t, ERFC_3), t, ERFC_2), t, ERFC_1);
            v[i] = Math.fma(r, t, -t);
        }
        reduce(n);
        scale(power, shifted, power, 0, n);
        float[] p = power;
        for (int i = 0; i < n; i++) {
            float value = x[xAt + i];
            out[outAt + i] = Math.abs(value) > ERF_SPLIT ? Math.copySign(1 - p[i], value) : small[i];
        }
    }

    /**
     * Up to 1 in size {@code x / 2 + x erf(x / sqrt 2) / 2}; above, {@code max(x, 0) - |x| erfc(|x| / sqrt 2) / 2}, which
     * neither cancels nor underflows early for negative x.
     */
    void gelu(float[] x, int xAt, float[] out, int outAt, int n) {
        float[] v = shifted;
        float[] factor = tail;
        for (int i = 0; i < n; i++) {
            float t = Math.min(Math.abs(x[xAt + i]), GELU_HIGHEST);
            float z = t * SQRT_HALF;
            float q = (z - 2) / (z + 2);
            float r = Math.fma(Math.fma(Math.fma(ERFCX_10, q, ERFCX_9), q, ERFCX_8), q, ERFCX_7);
            r = Math.fma(Math.fma(Math.fma(r, q, ERFCX_6), q, ERFCX_5), q, ERFCX_4);
            r = Math.fma(Math.fma(Math.fma(r, q, ERFCX_3), q, ERFCX_2), q, ERFCX_1);
            r = Math.fma(r, q, ERFCX_0);
            float s = t * t;
            float d = Math.fma(t, SQRT_TWO, 1);
            float lost = Math.fma(t, SQRT_TWO_LOW, Math.fma(t, SQRT_TWO, 1 - d));
            float inverse = 1 / d;
            float ratio = 0.5f * t * inverse;
            float error = Math.fma(-ratio, lost, Math.fma(-ratio, d, 0.5f * t));
            float rests = Math.fma(error, inverse, Math.fma(t, t, -s) * (-0.5f * ratio));
            float product = r * ratio;
            factor[i] = product + Math.fma(r, rests, Math.fma(r, ratio, -product));
            v[i] = Math.max(s * -0.5f, EXP_LOWEST);
        }
        reduce(n);
        scale(power, shifted, power, 0, n);
        float[] p = power;
        float[] near = rest;
        for (int i = 0; i < n; i++) {
            float s = x[xAt + i] * x[xAt + i];
            float r = Math.fma(Math.fma(GELU_12, s, GELU_10), s, GELU_8);
            r = Math.fma(Math.fma(Math.fma(r, s, GELU_6), s, GELU_4), s, GELU_2);
            near[i] = x[xAt + i] * Math.fma(x[xAt + i], r, 0.5f);
        }
        for (int i = 0; i < n; i++) {
            float value = x[xAt + i];
            float far = Math.fma(-p[i], factor[i], Math.max(value, -0f));
            out[outAt + i] = Math.abs(value) > 1 ? far : near[i];
        }
    }
}
