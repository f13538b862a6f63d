package dev.tessera.cpu.math;

/**
 * What the float64 functions are computed from. Polynomials interpolate in Chebyshev's points, which is within a factor
 * of two or three of minimax; coefficients are rounded to {@code double}, and the error before rounding of the
 * operations, relative to the function, is given.
 *
 * <p>Both sets of primitives evaluate the same operations in the same order, so they agree bit for bit.
 */
public final class DoubleConstants {
    /** Adding 1.5 * 2^52 rounds to an integer, which then stands in the low bits. */
    public static final double SHIFTER = 0x1.8p52;

    public static final long SHIFTER_BITS = 0x4338000000000000L;
    public static final long MIN_NORMAL_BITS = 0x0010000000000000L;
    public static final long INFINITY_BITS = 0x7ff0000000000000L;
    /** The bits of the square root of a half, where a mantissa begins. */
    public static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;

    public static final double LOG2_E = 1.4426950408889634;
    public static final double LOG2_E_LOW = 2.0355273740931033e-17;
    public static final double LN2 = 0.6931471805599453;
    public static final double LN2_TAIL = 2.3190468138462996e-17;
    /** The upper 42 bits of ln 2: its products with exponents are exact. */
    public static final double LN2_HIGH = 0x1.62e42fefa3000p-1;

    public static final double LN2_LOW = 2.8235290563031577e-13;

    /** Below it exp is 0. */
    public static final double EXP_LOWEST = -746;
    /** Above it exp is infinite. */
    public static final double EXP_HIGHEST = 710;
    /** Below it expm1 is -1. */
    public static final double EXPM1_LOWEST = -40;
    /** Below it in size expm1 and tanh are the argument. */
    public static final double TINY = 0x1p-54;
    /** Twice the argument from which on tanh is 1. */
    public static final double TANH_HIGHEST = 44;
    /** Beyond it log1p is left to the scalar function. */
    public static final double LOG1P_HIGHEST = 0x1p1000;

    // 2 / ln 2 and 2 / (3 ln 2), each in two parts: log2((1 + s) / (1 - s)) is s times the first and s^3 times the
    // second.
    public static final double LOG2_1 = 2.8853900817779268;
    public static final double LOG2_1_LOW = 4.0710547481862066e-17;
    public static final double LOG2_3 = 0.9617966939259756;
    public static final double LOG2_3_LOW = 5.0577616648125907e-17;
    /** Powers beyond it in size overflow or underflow for every base next to 1. */
    public static final double POWER_HIGHEST = 0x1p65;
    /** Below it 2^x is 0. */
    public static final double EXP2_LOWEST = -1080;
    /** Above it 2^x is infinite. */
    public static final double EXP2_HIGHEST = 1030;

    public static final double TWO_OVER_PI = 0.6366197723675814;
    // pi/2 in three parts: with up to 30 bits of quotient, the first product is subtracted without error.
    public static final double HALF_PI_HIGH = 1.5707963267948966;
    public static final double HALF_PI_MIDDLE = 6.123233995736766e-17;
    public static final double HALF_PI_LOW = -1.4973849048591698e-33;
    /** Beyond it the angle is left to the scalar function. */
    public static final double ANGLE_HIGHEST = 0x1p30;

    public static final double SQRT_HALF = 0.7071067811865476;
    public static final double SQRT_TWO = 1.4142135623730951;
    public static final double SQRT_TWO_LOW = -9.667293313452913e-17;
    /** From here on erf rounds to 1. */
    public static final double ERF_HIGHEST = 6;
    /** The size of an argument below whose negative gelu is 0. */
    public static final double GELU_HIGHEST = 39;

    /** {@code (exp(r) - 1 - r) / r^2} for r up to ln(2)/2 in size: within 2^-61. */
    public static final DoublePolynomial EXP = new DoublePolynomial(
            0.5,
            0.1666666666666667,
            0.04166666666666667,
            0.008333333333326084,
            0.0013888888888883711,
            0.00019841269874997539,
            2.4801587325674076e-05,
            2.7557255176003713e-06,
            2.7557273483005247e-07,
            2.5105310235689788e-08,
            2.0914753544959484e-09);

    /** {@code (2 artanh(s) / s - 2) / s^2} in powers of s^2, for (1 + s) / (1 - s) between the roots of 1/2 and 2: within 2^-60. */
    public static final DoublePolynomial LOG = new DoublePolynomial(
            0.6666666666666666,
            0.4000000000000088,
            0.2857142857080361,
            0.22222222391714744,
            0.18181795640044723,
            0.15386239707611124,
            0.13268773010203216,
            0.13086627491197242);

    /** {@code (2 artanh(s) / (s ln 2) - LOG2_1 - LOG2_3 s^2) / s^4} in powers of s^2: within 2^-65. */
    public static final DoublePolynomial LOG2_TAIL = new DoublePolynomial(
            0.5770780163555853,
            0.4121985831111439,
            0.3205988979671596,
            0.26230819146703194,
            0.22195278870480925,
            0.192380559519809,
            0.16888546549537026,
            0.16912789337854364);

    /** {@code (sin(r) / r - 1) / r^2} in powers of r^2, for r up to pi/4 in size: within 2^-57. */
    public static final DoublePolynomial SIN = new DoublePolynomial(
            -0.16666666666666666,
            0.008333333333333333,
            -0.00019841269841269839,
            2.755731922398105e-06,
            -2.5052108382366147e-08,
            1.6059042774895743e-10,
            -7.646960562227966e-13,
            2.7912048834375048e-15);

    /** {@code (cos(r) - 1 + r^2/2) / r^4} in powers of r^2: within 2^-59. */
    public static final DoublePolynomial COS = new DoublePolynomial(
            0.041666666666666664,
            -0.001388888888888889,
            2.4801587301587298e-05,
            -2.755731922398347e-07,
            2.087675698632954e-09,
            -1.1470745066515888e-11,
            4.779375704730478e-14,
            -1.551791296108194e-16);

    /** {@code erf(x) / x - 1} in powers of x^2, up to 1: within 2^-56. */
    public static final DoublePolynomial ERF = new DoublePolynomial(
            0.1283791670955126,
            -0.37612638903183754,
            0.1128379167095512,
            -0.02686617064512984,
            0.0052239776254232985,
            -0.0008548327021934817,
            0.00012055332902888165,
            -1.4925647567501792e-05,
            1.6462045441100425e-06,
            -1.6364642152880836e-07,
            1.4792401158247572e-08,
            -1.2164559738615339e-09,
            8.709043975238065e-11,
            -4.230943979341293e-12);

    /** {@code erf(x / sqrt 2) / 2x} in powers of x^2, up to 1: within 2^-53. */
    public static final DoublePolynomial GELU = new DoublePolynomial(
            0.3989422804014327,
            -0.06649038006690544,
            0.009973557010035817,
            -0.0011873282154804543,
            0.00011543468761615479,
            -9.444656259499574e-06,
            6.659693516106811e-07,
            -4.122667407462292e-08,
            2.2735296423503627e-09,
            -1.130114006249511e-10,
            5.112049508074263e-12,
            -2.1185204461326358e-13,
            7.953666527099369e-15,
            -2.297418171252002e-16);

    /** {@code (1 + 2x) exp(x^2) erfc(x)} in powers of (x - 3) / (x + 3), for x from 0 to 28: within 2^-53. */
    public static final DoublePolynomial ERFCX = new DoublePolynomial(
            1.2530080582697296,
            -0.1356211061245811,
            -0.04756229435345306,
            0.12964515870275026,
            -0.11927366341516857,
            0.06830802734440604,
            -0.023770514921937647,
            0.002529391807900063,
            0.0018886903981696801,
            -0.000779832185525928,
            -0.00010516006241299548,
            0.0001250987929274765,
            4.950552349634667e-06,
            -2.0098253837625926e-05,
            -7.34163165466839e-07,
            3.4661596712796173e-06,
            3.6066863475424126e-07,
            -6.056586389337659e-07,
            -1.4410354379681688e-07,
            8.977480611608504e-08,
            4.1134756392158016e-08,
            -5.756503996147508e-09,
            -6.467844455782987e-09,
            -1.0672595214976916e-09);

    private DoubleConstants() {}
}
