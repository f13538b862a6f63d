package dev.tessera.cpu.math;

/**
 * The block primitives of the CPU backend over {@code double}: every method computes one function over a contiguous
 * run of a heap array.
 *
 * <p>Implementations hold no state that a caller can see, and any number of threads may share one. {@code out} may be
 * an input array at the same offset; runs that overlap in any other way give undefined values. Special values follow
 * NumPy: NaN in gives NaN out, division by zero gives an infinity or NaN, nothing traps.
 *
 * <p>Bounds named here are in units in the last place of a {@code double} over the whole range of arguments, subnormal
 * results included. Runs of 256 elements are the fastest; any length is right.
 */
public interface DoublePrimitives {

    // Rounded exactly.

    /** Changes the sign, of zeros and NaN too. */
    void neg(double[] x, int xAt, double[] out, int outAt, int n);

    /** Clears the sign. */
    void abs(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives -1, 1, NaN, or a zero of either sign as NumPy does: {@code sign(±0)} is {@code +0}. */
    void sign(double[] x, int xAt, double[] out, int outAt, int n);

    /** Multiplies each element by itself. */
    void square(double[] x, int xAt, double[] out, int outAt, int n);

    /** Divides 1 by each element. */
    void reciprocal(double[] x, int xAt, double[] out, int outAt, int n);

    /** Takes the square root, rounded exactly. */
    void sqrt(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives 1 over the square root within 2 ulp; {@code rsqrt(±0)} is {@code ±Infinity}. */
    void rsqrt(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the larger of the element and zero; NaN stays NaN. */
    void relu(double[] x, int xAt, double[] out, int outAt, int n);

    /** Rounds towards negative infinity. */
    void floor(double[] x, int xAt, double[] out, int outAt, int n);

    /** Rounds towards positive infinity. */
    void ceil(double[] x, int xAt, double[] out, int outAt, int n);

    /** Rounds to the nearest integer, ties to even (NumPy's {@code rint}). */
    void round(double[] x, int xAt, double[] out, int outAt, int n);

    // Transcendental.

    /** Raises e to each element, within 2 ulp. */
    void exp(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives exp(x) - 1 without cancellation near zero, within 2 ulp. */
    void expm1(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the natural logarithm, within 2 ulp. */
    void log(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives log(1 + x) without cancellation near zero, within 2 ulp. */
    void log1p(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the logarithm to base 2, within 2 ulp and exactly for powers of two. */
    void log2(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the sine of an angle in radians, within 2 ulp for every finite argument. */
    void sin(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the cosine of an angle in radians, within 2 ulp for every finite argument. */
    void cos(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the tangent of an angle in radians, within 4 ulp for every finite argument. */
    void tan(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the hyperbolic tangent, within 2 ulp. */
    void tanh(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives 1 / (1 + exp(-x)), within 2 ulp. */
    void sigmoid(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives log(1 + exp(x)) without overflow or cancellation, within 3 ulp. */
    void softplus(double[] x, int xAt, double[] out, int outAt, int n);

    /** Gives the error function, within 4 ulp. */
    void erf(double[] x, int xAt, double[] out, int outAt, int n);

    /**
     * Gives x * (1 + erf(x / sqrt 2)) / 2.
     *
     * <p>The error is at most 4 ulp of the result plus 4 ulp of {@code x} times 2^-53 (the tail below -1 is small by
     * cancellation, and only its absolute error is held).
     */
    void gelu(double[] x, int xAt, double[] out, int outAt, int n);

    // Two operands.

    /** Adds. */
    void add(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Subtracts {@code y} from {@code x}. */
    void subtract(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Multiplies. */
    void multiply(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Divides {@code x} by {@code y}. */
    void divide(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Gives the largest integer not above the quotient, with NumPy's {@code floor_divide} special cases. */
    void floorDivide(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Gives the remainder of {@link #floorDivide}, which has the sign of the divisor (NumPy's {@code mod}). */
    void mod(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Raises {@code x} to the power {@code y}, within 4 ulp, with the special cases of C's {@code pow}. */
    void pow(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Gives the smaller; NaN if either is NaN. */
    void minimum(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    /** Gives the larger; NaN if either is NaN. */
    void maximum(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n);

    // Three operands.

    /** Gives {@code x * y + z}, rounded once. */
    void multiplyAdd(double[] x, int xAt, double[] y, int yAt, double[] z, int zAt, double[] out, int outAt, int n);

    /** Takes {@code x} where the condition is not 0, {@code y} elsewhere. */
    void select(
            byte[] condition,
            int conditionAt,
            double[] x,
            int xAt,
            double[] y,
            int yAt,
            double[] out,
            int outAt,
            int n);

    // With one scalar.

    /** Stores one value throughout. */
    void fill(double[] out, int outAt, int n, double value);

    /** Gives {@code x + scalar}. */
    void addScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n);

    /** Gives {@code x - scalar}. */
    void subtractScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n);

    /** Gives {@code x * scalar}. */
    void multiplyScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n);

    /** Gives {@code x / scalar}. */
    void divideScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n);

    /** Gives {@code x * scale + shift}, rounded once. */
    void scaleShift(double[] x, int xAt, double scale, double shift, double[] out, int outAt, int n);

    // Comparisons, to 0 or 1. A comparison with NaN is false, and notEqual true.

    /** Tells where {@code x < y}. */
    void less(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x <= y}. */
    void lessEqual(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x > y}. */
    void greater(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x >= y}. */
    void greaterEqual(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x == y}. */
    void equal(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where {@code x != y}. */
    void notEqual(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n);

    /** Tells where the element is NaN. */
    void isNan(double[] x, int xAt, byte[] out, int outAt, int n);

    /** Tells where the element is neither infinite nor NaN. */
    void isFinite(double[] x, int xAt, byte[] out, int outAt, int n);

    // Reductions of one run. The order of additions depends on n alone, so the same run always gives the same bits.

    /**
     * Adds the elements; 0 for an empty run.
     *
     * <p>Blocks of 256 are added over several accumulators and the blocks in turn: the error is at most
     * (24 + n / 256) u times the sum of magnitudes (u = 2^-53).
     */
    double sum(double[] x, int xAt, int n);

    /** Gives the sum of products of pairs, with the error of {@link #sum} in the products; 0 for an empty run. */
    double dot(double[] x, int xAt, double[] y, int yAt, int n);

    /** Gives the sum of {@code (x - mean)^2}, with the error of {@link #sum}; 0 for an empty run. */
    double sumOfSquaresAbout(double[] x, int xAt, double mean, int n);

    /** Multiplies the elements; 1 for an empty run. */
    double product(double[] x, int xAt, int n);

    /** Gives the largest element, NaN if there is any; negative infinity for an empty run. */
    double max(double[] x, int xAt, int n);

    /** Gives the smallest element, NaN if there is any; positive infinity for an empty run. */
    double min(double[] x, int xAt, int n);

    /** Gives the index, from {@code xAt}, of the first NaN or else the first largest element of a run of one or more. */
    int argMax(double[] x, int xAt, int n);

    /** Gives the index, from {@code xAt}, of the first NaN or else the first smallest element of a run of one or more. */
    int argMin(double[] x, int xAt, int n);
}
