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

    private static final DoublePass[] TANH = {DoublePass.HALF_EXPM1_OF_TWICE, DoublePass.TANH_OF_EXPM1};
    private static final DoublePass[] LOG1P = {DoublePass.LOG1P};
    private static final DoublePass[] SIN = {DoublePass.QUADRANT, DoublePass.SINE_OF_REST, DoublePass.SIN_OF_PARTS};
    private static final DoublePass[] COS = {DoublePass.QUADRANT, DoublePass.SINE_OF_REST, DoublePass.COS_OF_PARTS};
    private static final DoublePass[] TAN = {DoublePass.QUADRANT, DoublePass.SINE_OF_REST, DoublePass.TAN_OF_PARTS};
    private static final DoublePass[] SOFTPLUS = {DoublePass.EXP_OF_NEGATIVE_SIZE, DoublePass.SOFTPLUS_OF_EXP};
    private static final DoublePass[] ERF = {
        DoublePass.EXP_OF_SQUARE, DoublePass.SCALED_ERFC, DoublePass.ERFC_OF_EXP, DoublePass.ERF_OF_ERFC
    };
    private static final DoublePass[] GELU = {
        DoublePass.EXP_OF_HALF_SQUARE, DoublePass.SCALED_ERFC, DoublePass.GELU_OF_NEGATIVE_SIZE, DoublePass.GELU_OF_BOTH
    };
    private static final DoublePass[] LOG2_IN_TWO_PARTS = {
        DoublePass.QUOTIENT, DoublePass.LOG2_OF_MANTISSA, DoublePass.LOG2
    };
    private static final DoublePass[] EXP2_OF_PRODUCT = {DoublePass.EXPONENT, DoublePass.POWER_OF_TWO};

    private final double[] first = new double[BLOCK];
    private final double[] second = new double[BLOCK];

    /**
     * The one call that all passes share. C2 does not take the elements of an array for constants, and finds many
     * classes here: so it compiles each pass by itself and inlines none.
     */
    private void run(DoublePass[] passes, double[] x, int xAt, double[] out, int outAt, int n) {
        for (DoublePass pass : passes) {
            pass.run(x, xAt, first, second, out, outAt, n);
        }
    }

    void tanh(double[] x, int xAt, double[] out, int outAt, int n) {
        run(TANH, x, xAt, out, outAt, n);
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean log1p(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            if (!DoubleLanes.isOrdinaryForLog1p(fromArray(SPECIES, x, xAt + i))) {
                return false;
            }
        }
        run(LOG1P, x, xAt, out, outAt, n);
        return true;
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean sin(double[] x, int xAt, double[] out, int outAt, int n) {
        return ofAngle(SIN, x, xAt, out, outAt, n);
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean cos(double[] x, int xAt, double[] out, int outAt, int n) {
        return ofAngle(COS, x, xAt, out, outAt, n);
    }

    /** Returns false, and gives nothing, if an element is out of the fast range. */
    boolean tan(double[] x, int xAt, double[] out, int outAt, int n) {
        return ofAngle(TAN, x, xAt, out, outAt, n);
    }

    private boolean ofAngle(DoublePass[] passes, double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            if (!DoubleLanes.isOrdinaryAngle(fromArray(SPECIES, x, xAt + i))) {
                return false;
            }
        }
        run(passes, x, xAt, out, outAt, n);
        return true;
    }

    void softplus(double[] x, int xAt, double[] out, int outAt, int n) {
        run(SOFTPLUS, x, xAt, out, outAt, n);
    }

    void erf(double[] x, int xAt, double[] out, int outAt, int n) {
        run(ERF, x, xAt, out, outAt, n);
    }

    void gelu(double[] x, int xAt, double[] out, int outAt, int n) {
        run(GELU, x, xAt, out, outAt, n);
    }

    /** Powers of positive normal elements to finite ones; returns false, and gives nothing, if there are others. */
    boolean pow(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            DoubleVector v = fromArray(SPECIES, x, xAt + i);
            if (!DoubleLanes.isNormal(v) || !DoubleLanes.isFinite(fromArray(SPECIES, y, yAt + i))) {
                return false;
            }
        }
        run(LOG2_IN_TWO_PARTS, x, xAt, out, outAt, n);
        // From here on the results hold the exponents: x and y may be the same array, and are used up.
        run(EXP2_OF_PRODUCT, y, yAt, out, outAt, n);
        return true;
    }
}
