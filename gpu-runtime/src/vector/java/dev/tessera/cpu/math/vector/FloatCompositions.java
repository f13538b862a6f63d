package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.vector.FloatLanes.SPECIES;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/**
 * The float32 functions that are made of others, over whole vectors of at most {@link #BLOCK} elements, in {@link FloatPass}es: as
 * one method they grow past what C2 inlines (NodeCountInliningCutoff), and their vectors are boxed. Confined to one thread.
 */
final class FloatCompositions {
    static final int BLOCK = 256;

    private static final int LANES = SPECIES.length();

    private static final FloatPass[] SOFTPLUS = {FloatPass.EXP_OF_NEGATIVE_SIZE, FloatPass.SOFTPLUS_OF_EXP};
    private static final FloatPass[] ERF = {FloatPass.ERFC, FloatPass.ERF_OF_ERFC};
    private static final FloatPass[] GELU = {FloatPass.EXP_OF_HALF_SQUARE, FloatPass.GELU_FACTOR, FloatPass.GELU_OF_BOTH
    };
    private static final FloatPass[] LOG2_IN_TWO_PARTS = {FloatPass.QUOTIENT, FloatPass.LOG2_OF_MANTISSA, FloatPass.LOG2
    };
    private static final FloatPass[] EXP2_OF_PRODUCT = {FloatPass.EXPONENT, FloatPass.POWER_OF_TWO};

    private final float[] first = new float[BLOCK];
    private final float[] second = new float[BLOCK];

    /**
     * The one call that all passes share. C2 does not take the elements of an array for constants, and finds many
     * classes here: so it compiles each pass by itself and inlines none.
     */
    private void run(FloatPass[] passes, float[] x, int xAt, float[] out, int outAt, int n) {
        for (FloatPass pass : passes) {
            pass.run(x, xAt, first, second, out, outAt, n);
        }
    }

    void softplus(float[] x, int xAt, float[] out, int outAt, int n) {
        run(SOFTPLUS, x, xAt, out, outAt, n);
    }

    void erf(float[] x, int xAt, float[] out, int outAt, int n) {
        run(ERF, x, xAt, out, outAt, n);
    }

    void gelu(float[] x, int xAt, float[] out, int outAt, int n) {
        run(GELU, x, xAt, out, outAt, n);
    }

    /** Powers of positive normal elements to finite ones; returns false, and gives nothing, if there are others. */
    boolean pow(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = fromArray(SPECIES, x, xAt + i);
            if (!FloatLanes.isNormal(v) || !FloatLanes.isFinite(fromArray(SPECIES, y, yAt + i))) {
                return false;
            }
        }
        run(LOG2_IN_TWO_PARTS, x, xAt, out, outAt, n);
        // From here on the results hold the exponents: x and y may be the same array, and are used up.
        run(EXP2_OF_PRODUCT, y, yAt, out, outAt, n);
        return true;
    }
}
