package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.vector.DoubleLanes.SPECIES;
import static jdk.incubator.vector.DoubleVector.fromArray;

import jdk.incubator.vector.DoubleVector;

/**
 * The float64 functions that are made of others, over whole vectors of at most {@link #BLOCK} elements, in {@link DoublePass}es: as
 * one method they grow past what C2 inlines (NodeCountInliningCutoff), and their vectors are boxed. Confined to one thread.
 */
final class DoubleCompositions {
    static final int BLOCK = 256;

    private static final int LANES = SPECIES.length();

    private final double[] first = new double[BLOCK];
    private final double[] second = new double[BLOCK];

    /** The call that all passes share, so that C2 compiles each by itself and inlines none. */
    private void run(DoublePass pass, double[] x, int xAt, double[] out, int outAt, int n) {
        pass.run(x, xAt, first, second, out, outAt, n);
    }

    void tanh(double[] x, int xAt, double[] out, int outAt, int n) {
        run(DoublePass.HALF_EXPM1_OF_TWICE, x, xAt, out, outAt, n);
        run(DoublePass.TANH_OF_EXPM1, x, xAt, out, outAt, n);
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean log1p(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            if (!DoubleLanes.isOrdinaryForLog1p(fromArray(SPECIES, x, xAt + i))) {
                return false;
            }
        }
        run(DoublePass.LOG1P, x, xAt, out, outAt, n);
        return true;
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean sin(double[] x, int xAt, double[] out, int outAt, int n) {
        return ofAngle(DoublePass.SIN_OF_PARTS, x, xAt, out, outAt, n);
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean cos(double[] x, int xAt, double[] out, int outAt, int n) {
        return ofAngle(DoublePass.COS_OF_PARTS, x, xAt, out, outAt, n);
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean tan(double[] x, int xAt, double[] out, int outAt, int n) {
        return ofAngle(DoublePass.TAN_OF_PARTS, x, xAt, out, outAt, n);
    }

    private boolean ofAngle(DoublePass last, double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            if (!DoubleLanes.isOrdinaryAngle(fromArray(SPECIES, x, xAt + i))) {
                return false;
            }
        }
        run(DoublePass.QUADRANT, x, xAt, out, outAt, n);
        run(DoublePass.SINE_OF_REST, x, xAt, out, outAt, n);
        run(last, x, xAt, out, outAt, n);
        return true;
    }

    void softplus(double[] x, int xAt, double[] out, int outAt, int n) {
        run(DoublePass.EXP_OF_NEGATIVE_SIZE, x, xAt, out, outAt, n);
        run(DoublePass.SOFTPLUS_OF_EXP, x, xAt, out, outAt, n);
    }

    void erf(double[] x, int xAt, double[] out, int outAt, int n) {
        run(DoublePass.EXP_OF_SQUARE, x, xAt, out, outAt, n);
        run(DoublePass.SCALED_ERFC, x, xAt, out, outAt, n);
        run(DoublePass.ERFC_OF_EXP, x, xAt, out, outAt, n);
        run(DoublePass.ERF_OF_ERFC, x, xAt, out, outAt, n);
    }

    void gelu(double[] x, int xAt, double[] out, int outAt, int n) {
        run(DoublePass.EXP_OF_HALF_SQUARE, x, xAt, out, outAt, n);
        run(DoublePass.SCALED_ERFC, x, xAt, out, outAt, n);
        run(DoublePass.GELU_OF_NEGATIVE_SIZE, x, xAt, out, outAt, n);
        run(DoublePass.GELU_OF_BOTH, x, xAt, out, outAt, n);
    }

    /** Powers of positive normal elements to finite ones; returns false, and gives nothing, if there are others. */
    boolean pow(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector v = fromArray(SPECIES, x, xAt + i);
            if (!DoubleLanes.isNormal(v) || !DoubleLanes.isFinite(fromArray(SPECIES, y, yAt + i))) {
                return false;
            }
        }
        run(DoublePass.QUOTIENT, x, xAt, out, outAt, n);
        run(DoublePass.LOG2_OF_MANTISSA, x, xAt, out, outAt, n);
        run(DoublePass.LOG2, x, xAt, out, outAt, n);
        // From here on the results hold the exponents: x and y may be the same array, and are used up.
        run(DoublePass.EXPONENT, y, yAt, out, outAt, n);
        run(DoublePass.POWER_OF_TWO, y, yAt, out, outAt, n);
        return true;
    }
}
