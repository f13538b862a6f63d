package dev.tessera.cpu.math;

/**
 * The block primitives of the CPU backend over {@code float}: every method computes one function over a contiguous
 * run of a heap array.
 *
 * <p>Implementations hold no state that a caller can see, and any number of threads may share one. {@code out} may be
 * an input array at the same offset; runs that overlap in any other way give undefined values. Special values follow
 * NumPy: NaN in gives NaN out, division by zero gives an infinity or NaN, nothing traps.
 *
 * <p>Bounds named here are in units in the last place of a {@code float} over the whole range of arguments, subnormal
 * results included. Runs of 256 elements are the fastest; any length is right.
 */
public interface FloatPrimitives {

    // Rounded exactly.

    /** Changes the sign, of zeros and NaN too. */
    void neg(float[] x, int xAt, float[] out, int outAt, int n);

    /** Clears the sign. */
    void abs(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives -1, 1, NaN, or a zero of either sign as NumPy does: {@code sign(±0)} is {@code +0}. */
    void sign(float[] x, int xAt, float[] out, int outAt, int n);

    /** Multiplies each element by itself. */
    void square(float[] x, int xAt, float[] out, int outAt, int n);

    /** Divides 1 by each element. */
    void reciprocal(float[] x, int xAt, float[] out, int outAt, int n);

    /** Takes the square root, rounded exactly. */
    void sqrt(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives 1 over the square root within 2 ulp; {@code rsqrt(±0)} is {@code ±Infinity}. */
    void rsqrt(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the larger of the element and zero; NaN stays NaN. */
    void relu(float[] x, int xAt, float[] out, int outAt, int n);

    /** Rounds towards negative infinity. */
    void floor(float[] x, int xAt, float[] out, int outAt, int n);

    /** Rounds towards positive infinity. */
    void ceil(float[] x, int xAt, float[] out, int outAt, int n);

    /** Rounds to the nearest integer, ties to even (NumPy's {@code rint}). */
    void round(float[] x, int xAt, float[] out, int outAt, int n);

    // Transcendental.

    /** Raises e to each element, within 1 ulp. */
    void exp(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives exp(x) - 1 without cancellation near zero, within 2 ulp. */
    void expm1(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the natural logarithm, within 1 ulp. */
    void log(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives log(1 + x) without cancellation near zero, within 2 ulp. */
    void log1p(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the logarithm to base 2, within 2 ulp and exactly for powers of two. */
    void log2(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the sine of an angle in radians, within 2 ulp for every finite argument. */
    void sin(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the cosine of an angle in radians, within 2 ulp for every finite argument. */
    void cos(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the tangent of an angle in radians, within 4 ulp for every finite argument. */
    void tan(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the hyperbolic tangent, within 2.5 ulp. */
    void tanh(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives 1 / (1 + exp(-x)), within 2.5 ulp. */
    void sigmoid(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives log(1 + exp(x)) without overflow or cancellation, within 3 ulp. */
    void softplus(float[] x, int xAt, float[] out, int outAt, int n);

    /** Gives the error function, within 4 ulp. */
    void erf(float[] x, int xAt, float[] out, int outAt, int n);

    /**
     * Gives x * (1 + erf(x / sqrt 2)) / 2.
     *
     * <p>The error is at most 4 ulp of the result plus 4 ulp of {@code x} times 2^-24 (the tail below -1 is small by
     * cancellation, and only its absolute error is held).
     */
    void gelu(float[] x, int xAt, float[] out, int outAt, int n);

    // Two operands.

    /** Adds. */
    void add(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Subtracts {@code y} from {@code x}. */
    void subtract(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Multiplies. */
    void multiply(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Divides {@code x} by {@code y}. */
    void divide(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Gives the largest integer not above the quotient, with NumPy's {@code floor_divide} special cases. */
    void floorDivide(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Gives the remainder of {@link #floorDivide}, which has the sign of the divisor (NumPy's {@code mod}). */
    void mod(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Raises {@code x} to the power {@code y}, within 4 ulp, with the special cases of C's {@code pow}. */
    void pow(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Gives the smaller; NaN if either is NaN. */
    void minimum(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    /** Gives the larger; NaN if either is NaN. */
    void maximum(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    // Three operands.

    /** Gives {@code x * y + z}, rounded once. */
    void multiplyAdd(float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, float[] out, int outAt, int n);

    /** Takes {@code x} where the condition is not 0, {@code y} elsewhere. */
    void select(
            byte[] condition, int conditionAt, float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n);

    // With one scalar.

    /** Stores one value throughout. */
    void fill(float[] out, int outAt, int n, float value);

    /** Gives {@code x + scalar}. */
    void addScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n);

    /** Gives {@code x - scalar}. */
    void subtractScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n);

    /** Gives {@code x * scalar}. */
    void multiplyScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n);

    /** Gives {@code x / scalar}. */
    void divideScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n);

    /** Gives {@code x * scale + shift}, rounded once. */
    void scaleShift(float[] x, int xAt, float scale, float shift, float[] out, int outAt, int n);

    // Comparisons, to 0 or 1. A comparison with NaN is false, and notEqual true.

    /** Tells where {@code x < y}. */
    void less(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x <= y}. */
    void lessEqual(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x > y}. */
    void greater(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x >= y}. */
    void greaterEqual(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x == y}. */
    void equal(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x != y}. */
    void notEqual(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where the element is NaN. */
    void isNan(float[] x, int xAt, byte[] out, int outAt, int n);

    /** Tells where the element is neither infinite nor NaN. */
    void isFinite(float[] x, int xAt, byte[] out, int outAt, int n);

    // Reductions of one run. The order of additions depends on n alone, so the same run always gives the same bits.

    /**
     * Adds the elements; 0 for an empty run.
     *
     * <p>Blocks of 256 are added in {@code float} over several accumulators and the blocks in {@code double}: the error
     * is at most 24 u times the sum of magnitudes (u = 2^-24) whatever the length. The result is {@code double} so that
     * a caller can go on adding runs without losing digits.
     */
    double sum(float[] x, int xAt, int n);

    /** Gives the sum of products of pairs, with the error of {@link #sum} in the products; 0 for an empty run. */
    double dot(float[] x, int xAt, float[] y, int yAt, int n);

    /** Gives the sum of {@code (x - mean)^2}, with the error of {@link #sum}; 0 for an empty run. */
    double sumOfSquaresAbout(float[] x, int xAt, float mean, int n);

    /** Multiplies the elements in {@code double}; 1 for an empty run. */
    double product(float[] x, int xAt, int n);

    /** Gives the largest element, NaN if there is any; negative infinity for an empty run. */
    float max(float[] x, int xAt, int n);

    /** Gives the smallest element, NaN if there is any; positive infinity for an empty run. */
    float min(float[] x, int xAt, int n);

    /** Gives the index, from {@code xAt}, of the first NaN or else the first largest element of a run of one or more. */
    int argMax(float[] x, int xAt, int n);

    /** Gives the index, from {@code xAt}, of the first NaN or else the first smallest element of a run of one or more. */
    int argMin(float[] x, int xAt, int n);
}
