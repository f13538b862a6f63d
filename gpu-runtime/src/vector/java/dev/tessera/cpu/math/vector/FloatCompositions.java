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

    private final float[] first = new float[BLOCK];
    private final float[] second = new float[BLOCK];

    /** The call that all passes share, so that C2 compiles each by itself and inlines none. */
    private void run(FloatPass pass, float[] x, int xAt, float[] out, int outAt, int n) {
        pass.run(x, xAt, first, second, out, outAt, n);
    }

    void softplus(float[] x, int xAt, float[] out, int outAt, int n) {
        run(FloatPass.EXP_OF_NEGATIVE_SIZE, x, xAt, out, outAt, n);
        run(FloatPass.SOFTPLUS_OF_EXP, x, xAt, out, outAt, n);
    }

    void erf(float[] x, int xAt, float[] out, int outAt, int n) {
        run(FloatPass.ERFC, x, xAt, out, outAt, n);
        run(FloatPass.ERF_OF_ERFC, x, xAt, out, outAt, n);
    }

    void gelu(float[] x, int xAt, float[] out, int outAt, int n) {
        run(FloatPass.EXP_OF_HALF_SQUARE, x, xAt, out, outAt, n);
        run(FloatPass.GELU_FACTOR, x, xAt, out, outAt, n);
        run(FloatPass.GELU_OF_BOTH, x, xAt, out, outAt, n);
    }

    /** Powers of positive normal elements to finite ones; returns false, and gives nothing, if there are others. */
    boolean pow(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = fromArray(SPECIES, x, xAt + i);
            if (!FloatLanes.isNormal(v) || !FloatLanes.isFinite(fromArray(SPECIES, y, yAt + i))) {
                return false;
            }
        }
        run(FloatPass.QUOTIENT, x, xAt, out, outAt, n);
        run(FloatPass.LOG2_OF_MANTISSA, x, xAt, out, outAt, n);
        run(FloatPass.LOG2, x, xAt, out, outAt, n);
        // From here on the results hold the exponents: x and y may be the same array, and are used up.
        run(FloatPass.EXPONENT, y, yAt, out, outAt, n);
        run(FloatPass.POWER_OF_TWO, y, yAt, out, outAt, n);
        return true;
    }
}
