package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.DoubleConstants.*;

/**
 * The error function and what is made of it, over at most {@link DoubleExponentials#BLOCK} elements, in stages. Confined
 * to one thread.
 */
final class DoubleErrorFunctions {
    private static final int BLOCK = DoubleExponentials.BLOCK;

    private final DoubleExponentials exponentials;
    private final double[] argument = new double[BLOCK];
    private final double[] polynomial = new double[BLOCK];
    private final double[] near = new double[BLOCK];
    private final double[] factor = new double[BLOCK];
    private final double[] rest = new double[BLOCK];
    private final double[] exponent = new double[BLOCK];

    DoubleErrorFunctions(DoubleExponentials exponentials) {
        this.exponentials = exponentials;
    }

    /** An odd polynomial up to 1 in size, one minus the complement above. */
    void erf(double[] x, int xAt, double[] out, int outAt, int n) {
        double[] p = polynomial;
        square(x, xAt, n);
        ERF.evaluate(argument, p, n);
        for (int i = 0; i < n; i++) {
            near[i] = Math.fma(x[xAt + i], p[i], x[xAt + i]);
        }
        for (int i = 0; i < n; i++) {
            double t = Math.min(Math.abs(x[xAt + i]), ERF_HIGHEST);
            double s = t * t;
            argument[i] = (t - 3) / (t + 3);
            factor[i] = (1 - Math.fma(t, t, -s)) / Math.fma(2, t, 1);
            exponent[i] = -s;
        }
        ERFCX.evaluate(argument, p, n);
        exponentials.exp(exponent, 0, exponent, 0, n);
        for (int i = 0; i < n; i++) {
            factor[i] = p[i] * factor[i] * exponent[i];
        }
        for (int i = 0; i < n; i++) {
            double value = x[xAt + i];
            out[outAt + i] = Math.abs(value) > 1 ? Math.copySign(1 - factor[i], value) : near[i];
        }
    }

    /**
     * Up to 1 in size {@code x / 2 + x erf(x / sqrt 2) / 2}; above, {@code max(x, 0) - |x| erfc(|x| / sqrt 2) / 2}, which
     * does not cancel for negative x. What rounding loses of the factors of the complement is carried along: they are many,
     * and next to zero nothing hides their errors.
     */
    void gelu(double[] x, int xAt, double[] out, int outAt, int n) {
        double[] p = polynomial;
        square(x, xAt, n);
        GELU.evaluate(argument, p, n);
        for (int i = 0; i < n; i++) {
            near[i] = x[xAt + i] * Math.fma(x[xAt + i], p[i], 0.5);
        }
        for (int i = 0; i < n; i++) {
            double t = Math.min(Math.abs(x[xAt + i]), GELU_HIGHEST);
            double s = t * t;
            double z = t * SQRT_HALF;
            double d = Math.fma(t, SQRT_TWO, 1);
            double lost = Math.fma(t, SQRT_TWO_LOW, Math.fma(t, SQRT_TWO, 1 - d));
            double inverse = 1 / d;
            double q = 0.5 * t * inverse;
            argument[i] = (z - 3) / (z + 3);
            factor[i] = q;
            rest[i] = Math.fma(Math.fma(-q, lost, Math.fma(-q, d, 0.5 * t)), inverse, Math.fma(t, t, -s) * (-0.5 * q));
            exponent[i] = s * -0.5;
        }
        ERFCX.evaluate(argument, p, n);
        exponentials.exp(exponent, 0, exponent, 0, n);
        for (int i = 0; i < n; i++) {
            double product = p[i] * factor[i];
            double lost = Math.fma(p[i], rest[i], Math.fma(p[i], factor[i], -product));
            factor[i] = (product + lost) * exponent[i];
        }
        for (int i = 0; i < n; i++) {
            double value = x[xAt + i];
            out[outAt + i] = Math.abs(value) > 1 ? Math.max(value, -0.0) - factor[i] : near[i];
        }
    }

    private void square(double[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) {
            argument[i] = x[xAt + i] * x[xAt + i];
        }
    }
}
