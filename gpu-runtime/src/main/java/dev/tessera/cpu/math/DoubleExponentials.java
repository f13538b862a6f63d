package dev.tessera.cpu.math;

import static dev.tessera.cpu.math.DoubleConstants.*;

/**
 * Functions made of exp, over at most {@link #BLOCK} elements, in stages: loops of arithmetic that C2 vectorises, and
 * scalar loops for what it does not (bit casts, choices). Holds the values between stages; confined to one thread.
 */
final class DoubleExponentials {
    static final int BLOCK = 256;

    private final double[] shifted = new double[BLOCK];
    private final double[] power = new double[BLOCK];
    private final double[] rest = new double[BLOCK];
    private final double[] tail = new double[BLOCK];

    void exp(double[] x, int xAt, double[] out, int outAt, int n) {
        double[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.min(Math.max(x[xAt + i], EXP_LOWEST), EXP_HIGHEST);
        }
        reduce(n);
        scale(power, shifted, out, outAt, n);
    }

    /** Takes the arguments in {@link #shifted}; leaves shifted exponents there, and exp of the remainders in power. */
    private void reduce(int n) {
        double[] v = shifted;
        double[] rests = rest;
        for (int i = 0; i < n; i++) {
            double k = Math.fma(v[i], LOG2_E, SHIFTER);
            double m = k - SHIFTER;
            rests[i] = Math.fma(m, -LN2_LOW, Math.fma(m, -LN2_HIGH, v[i]));
            v[i] = k;
        }
        double[] p = power;
        EXP.evaluate(rests, p, n);
        for (int i = 0; i < n; i++) {
            double r = rests[i];
            p[i] = Math.fma(r * r, p[i], r) + 1;
        }
    }

    /** Multiplies by 2 to the shifted exponents: in two factors, so that a subnormal result is rounded once. */
    static void scale(double[] p, double[] shifted, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            long exponent = Double.doubleToRawLongBits(shifted[i]) - SHIFTER_BITS;
            long half = exponent >> 1;
            out[outAt + i] = p[i]
                    * Double.longBitsToDouble((half + 1023) << 52)
                    * Double.longBitsToDouble((exponent - half + 1023) << 52);
        }
    }

    void expm1(double[] x, int xAt, double[] out, int outAt, int n) {
        double[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.min(Math.max(x[xAt + i], EXPM1_LOWEST), EXP_HIGHEST);
        }
        boolean tiny = halveExpm1(n);
        double[] p = power;
        for (int i = 0; i < n; i++) {
            out[outAt + i] = p[i] * 2;
        }
        if (tiny) {
            restoreTiny(out, outAt, n, 1);
        }
    }

    /** {@code e / (e + 2)} for e = expm1(2x). */
    void tanh(double[] x, int xAt, double[] out, int outAt, int n) {
        double[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.min(Math.max(x[xAt + i] * 2, -TANH_HIGHEST), TANH_HIGHEST);
        }
        boolean tiny = halveExpm1(n);
        double[] p = power;
        double[] t = tail;
        for (int i = 0; i < n; i++) {
            double e = p[i];
            double d = e + 1;
            double b = d - e;
            double lost = (e - (d - b)) + (1 - b);
            double inverse = 1 / d;
            double q = e * inverse;
            double error = Math.fma(-q, lost, Math.fma(-q, d, e)) + t[i];
            out[outAt + i] = Math.fma(error, inverse, q);
        }
        if (tiny) {
            restoreTiny(out, outAt, n, 0.5);
        }
    }

    /**
     * Takes the arguments in {@link #shifted}; leaves half of expm1 in power, what rounding lost of it in tail, and the
     * remainders in rest. Half, because 2^1024 is no double.
     *
     * @return whether a remainder is so small that an argument may be its own expm1
     */
    private boolean halveExpm1(int n) {
        double[] v = shifted;
        double[] rests = rest;
        double[] w = tail;
        for (int i = 0; i < n; i++) {
            double k = Math.fma(v[i], LOG2_E, SHIFTER);
            double m = k - SHIFTER;
            double near = Math.fma(m, -LN2_HIGH, v[i]);
            double r = Math.fma(m, -LN2_LOW, near);
            w[i] = Math.fma(m, -LN2_LOW, near - r);
            rests[i] = r;
            v[i] = k;
        }
        double[] p = power;
        EXP.evaluate(rests, p, n);
        for (int i = 0; i < n; i++) {
            w[i] = Math.fma(rests[i] * rests[i], p[i], w[i]);
        }
        boolean tiny = powersOfTwo(n);
        for (int i = 0; i < n; i++) {
            double big = v[i] - 0.5;
            double a = Math.fma(v[i], rests[i], big);
            double low = Math.fma(v[i], w[i], Math.fma(v[i], rests[i], big - a));
            double sum = a + low;
            p[i] = sum;
            w[i] = low - (sum - a);
        }
        return tiny;
    }

    private boolean powersOfTwo(int n) {
        double[] v = shifted;
        boolean tiny = false;
        for (int i = 0; i < n; i++) {
            tiny |= Math.abs(rest[i]) < TINY;
            v[i] = Double.longBitsToDouble((Double.doubleToRawLongBits(v[i]) - SHIFTER_BITS + 1022) << 52);
        }
        return tiny;
    }

    /** Gives tiny arguments back, whose sign or last bit halving loses. */
    private void restoreTiny(double[] out, int outAt, int n, double factor) {
        for (int i = 0; i < n; i++) {
            boolean isTiny = Math.abs(rest[i]) < TINY && Math.abs(out[outAt + i]) < 2 * TINY;
            out[outAt + i] = isTiny ? rest[i] * factor : out[outAt + i];
        }
    }

    void sigmoid(double[] x, int xAt, double[] out, int outAt, int n) {
        expOfNegativeSize(x, xAt, n);
        double[] p = power;
        for (int i = 0; i < n; i++) {
            double e = p[i];
            double d = 1 + e;
            double inverse = 1 / d;
            double q = e * inverse;
            double error = Math.fma(-q, e - (d - 1), Math.fma(-q, d, e));
            out[outAt + i] = Math.abs(step(x[xAt + i]) - Math.fma(error, inverse, q));
        }
    }

    /** 0 for negative x, 1 for positive x, NaN for NaN, without a choice, which would stop vectorisation. */
    private static double step(double x) {
        return Math.min(Math.max(x * 0x1p1000 * 0x1p100, 0), 1);
    }

    /** Leaves {@code exp(-|x|)} in power. */
    private void expOfNegativeSize(double[] x, int xAt, int n) {
        double[] v = shifted;
        for (int i = 0; i < n; i++) {
            v[i] = Math.max(-Math.abs(x[xAt + i]), EXP_LOWEST);
        }
        reduce(n);
        scale(power, shifted, power, 0, n);
    }

    void softplus(DoubleLogarithms logarithms, double[] x, int xAt, double[] out, int outAt, int n) {
        expOfNegativeSize(x, xAt, n);
        double[] log = tail;
        logarithms.log1pOfFractions(power, log, n);
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], 0) + log[i];
        }
    }
}
