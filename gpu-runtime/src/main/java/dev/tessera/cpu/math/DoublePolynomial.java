package dev.tessera.cpu.math;

/**
 * A polynomial in {@code double}, evaluated by Horner's rule with fused operations: the same bits one by one and in
 * runs. Immutable.
 */
public final class DoublePolynomial {
    private final double[] coefficients;

    /** Takes at least four coefficients, that of the constant first. */
    DoublePolynomial(double... coefficients) {
        if (coefficients.length < 4) {
            throw new IllegalArgumentException(
                    "Cannot make a polynomial of %d coefficients: four are the fewest".formatted(coefficients.length));
        }
        this.coefficients = coefficients.clone();
    }

    public int degree() {
        return coefficients.length - 1;
    }

    /** The coefficient of a power from 0 to {@link #degree}. */
    public double coefficient(int power) {
        return coefficients[power];
    }

    /** Evaluates at the first {@code n} elements; {@code out} is another array. */
    void evaluate(double[] x, double[] out, int n) {
        double[] c = coefficients;
        int power = c.length - 4;
        begin(x, out, n, c[power + 3], c[power + 2], c[power + 1], c[power]);
        // Four powers a pass: fewer memory accesses than one, and still a loop that C2 unrolls and vectorises.
        for (; power >= 4; power -= 4) {
            goOn(x, out, n, c[power - 1], c[power - 2], c[power - 3], c[power - 4]);
        }
        if (power > 0) {
            end(x, out, n, power);
        }
    }

    private static void begin(double[] x, double[] out, int n, double c3, double c2, double c1, double c0) {
        for (int i = 0; i < n; i++) {
            out[i] = Math.fma(Math.fma(Math.fma(c3, x[i], c2), x[i], c1), x[i], c0);
        }
    }

    private static void goOn(double[] x, double[] out, int n, double c3, double c2, double c1, double c0) {
        for (int i = 0; i < n; i++) {
            double sum = Math.fma(Math.fma(out[i], x[i], c3), x[i], c2);
            out[i] = Math.fma(Math.fma(sum, x[i], c1), x[i], c0);
        }
    }

    /** The last powers, of which there are fewer than four. */
    private void end(double[] x, double[] out, int n, int powers) {
        double[] c = coefficients;
        double c0 = c[0];
        if (powers == 1) {
            for (int i = 0; i < n; i++) {
                out[i] = Math.fma(out[i], x[i], c0);
            }
        } else if (powers == 2) {
            double c1 = c[1];
            for (int i = 0; i < n; i++) {
                out[i] = Math.fma(Math.fma(out[i], x[i], c1), x[i], c0);
            }
        } else {
            double c1 = c[1];
            double c2 = c[2];
            for (int i = 0; i < n; i++) {
                out[i] = Math.fma(Math.fma(Math.fma(out[i], x[i], c2), x[i], c1), x[i], c0);
            }
        }
    }
}
