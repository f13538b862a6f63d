package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.FloatConstants.*;

/**
 * Sine, cosine and tangent over at most {@link FloatExponentials#BLOCK} elements, in stages; large angles one by one. Confined to
 * one thread.
 */
final class FloatTrigonometry {
    private static final int BLOCK = FloatExponentials.BLOCK;

    private final float[] angle = new float[BLOCK];
    private final float[] quotient = new float[BLOCK];
    private final float[] sine = new float[BLOCK];
    private final float[] cosine = new float[BLOCK];

    void sin(float[] x, int xAt, float[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        choose(0, out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(angle[i])) {
                out[outAt + i] = (float) Math.sin(angle[i]);
            }
        }
    }

    void cos(float[] x, int xAt, float[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        choose(1, out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(angle[i])) {
                out[outAt + i] = (float) Math.cos(angle[i]);
            }
        }
    }

    void tan(float[] x, int xAt, float[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        float[] above = sine;
        float[] below = quotient;
        for (int i = 0; i < n; i++) {
            boolean isEven = (Float.floatToRawIntBits(quotient[i]) & 1) == 0;
            below[i] = isEven ? cosine[i] : sine[i];
            above[i] = isEven ? sine[i] : -cosine[i];
        }
        for (int i = 0; i < n; i++) {
            out[outAt + i] = above[i] / below[i];
        }
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(angle[i])) {
                out[outAt + i] = (float) Math.tan(angle[i]);
            }
        }
    }

    /** Whether three parts of pi/2 reduce the angle, and no sign of zero is lost. */
    private static boolean isOrdinary(float x) {
        return Math.abs(x) <= ANGLE_HIGHEST && x != 0;
    }

    private boolean split(float[] x, int xAt, int n) {
        float[] k = quotient;
        float[] s = sine;
        float[] c = cosine;
        for (int i = 0; i < n; i++) {
            k[i] = Math.fma(x[xAt + i], TWO_OVER_PI, SHIFTER);
            float m = k[i] - SHIFTER;
            float r = Math.fma(m, -HALF_PI_MIDDLE, Math.fma(m, -HALF_PI_HIGH, x[xAt + i]));
            r = Math.fma(m, -HALF_PI_LOW, r);
            float z = r * r;
            float p = Math.fma(Math.fma(Math.fma(SIN_9, z, SIN_7), z, SIN_5), z, SIN_3);
            s[i] = Math.fma(z * r, p, r);
            float q = Math.fma(Math.fma(Math.fma(COS_10, z, COS_8), z, COS_6), z, COS_4);
            c[i] = Math.fma(z * z, q, Math.fma(z, -0.5f, 1));
        }
        boolean special = false;
        for (int i = 0; i < n; i++) {
            angle[i] = x[xAt + i];
            special |= !isOrdinary(x[xAt + i]);
        }
        return special;
    }

    /** Takes the sine or cosine of the remainder, and its sign, by the quadrant that the quotient's low bits tell. */
    private void choose(int quarters, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            int quadrant = Float.floatToRawIntBits(quotient[i]) + quarters;
            int bits = Float.floatToRawIntBits((quadrant & 1) == 0 ? sine[i] : cosine[i]);
            out[outAt + i] = Float.intBitsToFloat(bits ^ (quadrant & 2) << 30);
        }
    }
}
