package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.DoubleConstants.*;

/**
 * Sine, cosine and tangent over at most {@link DoubleExponentials#BLOCK} elements, in stages; large angles one by one.
 * Confined to one thread.
 */
final class DoubleTrigonometry {
    private static final int BLOCK = DoubleExponentials.BLOCK;

    private final double[] angle = new double[BLOCK];
    private final double[] quotient = new double[BLOCK];
    private final double[] rest = new double[BLOCK];
    private final double[] square = new double[BLOCK];
    private final double[] sine = new double[BLOCK];
    private final double[] cosine = new double[BLOCK];

    void sin(double[] x, int xAt, double[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        choose(0, out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(angle[i])) {
                out[outAt + i] = Math.sin(angle[i]);
            }
        }
    }

    void cos(double[] x, int xAt, double[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        choose(1, out, outAt, n);
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(angle[i])) {
                out[outAt + i] = Math.cos(angle[i]);
            }
        }
    }

    void tan(double[] x, int xAt, double[] out, int outAt, int n) {
        boolean special = split(x, xAt, n);
        for (int i = 0; i < n; i++) {
            boolean isEven = (Double.doubleToRawLongBits(quotient[i]) & 1) == 0;
            double above = isEven ? sine[i] : -cosine[i];
            square[i] = isEven ? cosine[i] : sine[i];
            sine[i] = above;
        }
        for (int i = 0; i < n; i++) {
            out[outAt + i] = sine[i] / square[i];
        }
        for (int i = 0; special && i < n; i++) {
            if (!isOrdinary(angle[i])) {
                out[outAt + i] = Math.tan(angle[i]);
            }
        }
    }

    /** Whether three parts of pi/2 reduce the angle, and no sign of zero is lost. */
    private static boolean isOrdinary(double x) {
        return Math.abs(x) <= ANGLE_HIGHEST && x != 0;
    }

    private boolean split(double[] x, int xAt, int n) {
        boolean special = false;
        for (int i = 0; i < n; i++) {
            angle[i] = x[xAt + i];
            special |= !isOrdinary(x[xAt + i]);
        }
        double[] r = rest;
        double[] z = square;
        for (int i = 0; i < n; i++) {
            double k = Math.fma(angle[i], TWO_OVER_PI, SHIFTER);
            double m = k - SHIFTER;
            double near = Math.fma(m, -HALF_PI_MIDDLE, Math.fma(m, -HALF_PI_HIGH, angle[i]));
            quotient[i] = k;
            r[i] = Math.fma(m, -HALF_PI_LOW, near);
            z[i] = r[i] * r[i];
        }
        double[] s = sine;
        double[] c = cosine;
        SIN.evaluate(z, s, n);
        COS.evaluate(z, c, n);
        for (int i = 0; i < n; i++) {
            s[i] = Math.fma(z[i] * r[i], s[i], r[i]);
            double near = Math.fma(z[i], -0.5, 1);
            c[i] = near + Math.fma(z[i] * z[i], c[i], Math.fma(z[i], -0.5, 1 - near));
        }
        return special;
    }

    /** Takes the sine or cosine of the remainder, and its sign, by the quadrant that the quotient's low bits tell. */
    private void choose(int quarters, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            long quadrant = Double.doubleToRawLongBits(quotient[i]) + quarters;
            long bits = Double.doubleToRawLongBits((quadrant & 1) == 0 ? sine[i] : cosine[i]);
            out[outAt + i] = Double.longBitsToDouble(bits ^ (quadrant & 2) << 62);
        }
    }
}
