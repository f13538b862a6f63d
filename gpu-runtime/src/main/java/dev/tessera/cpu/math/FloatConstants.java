package dev.tessera.cpu.math;

/**
 * What the float32 functions are computed from. Polynomials are minimax fits with coefficients rounded to {@code float};
 * the relative error of each, before rounding of the operations, is given in units of 2^-24.
 *
 * <p>Both sets of primitives evaluate the same operations in the same order, so they agree bit for bit.
 */
public final class FloatConstants {
    /** Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits. */
    public static final float SHIFTER = 0x1.8p23f;

    public static final int SHIFTER_BITS = 0x4b400000;

    public static final float LOG2_E = 1.442695f;
    /** The upper 15 bits of ln 2: its products with exponents are exact. */
    public static final float LN2_HIGH = 0.69314575f;

    public static final float LN2_LOW = 1.4286068e-6f;

    /** Below it exp is 0. */
    public static final float EXP_LOWEST = -104;
    /** Above it exp is infinite. */
    public static final float EXP_HIGHEST = 89;
    /** Below it expm1 is -1. */
    public static final float EXPM1_LOWEST = -18;
    /** Twice the argument from which on tanh is 1. */
    public static final float TANH_HIGHEST = 18.3f;

    // exp(r) = 1 + r + r^2 (1/2 + ...) for |r| <= ln(2)/2: 0.06.
    public static final float EXP_2 = 0.5f;
    public static final float EXP_3 = 0.16666518f;
    public static final float EXP_4 = 0.041666422f;
    public static final float EXP_5 = 0.008368996f;
    public static final float EXP_6 = 0.0013938864f;

    /** The bits of the square root of a half, where a mantissa begins. */
    public static final int SQRT_HALF_BITS = 0x3f3504f3;

    /** Beyond it log1p is left to the scalar function. */
    public static final float LOG1P_HIGHEST = 0x1p100f;

    // log(1 + f) = f - f^2/2 + f^3 (1/3 + ...) for 1 + f between the square roots of 1/2 and 2: 0.1.
    public static final float LOG_3 = 0.3333333f;
    public static final float LOG_4 = -0.25000823f;
    public static final float LOG_5 = 0.2000125f;
    public static final float LOG_6 = -0.16623315f;
    public static final float LOG_7 = 0.14201269f;
    public static final float LOG_8 = -0.13160181f;
    public static final float LOG_9 = 0.12764828f;
    public static final float LOG_10 = -0.07638335f;

    /** log2(e) in two parts. */
    public static final float LOG2_E_HIGH = 1.442695f;

    public static final float LOG2_E_LOW = 1.925963e-8f;

    // 2 / ln 2 and 2 / (3 ln 2), each in two parts, and what follows in log2((1 + s) / (1 - s)) / s: 2^-33 of the
    // whole.
    public static final float LOG2_1 = 2.88539f;
    public static final float LOG2_1_LOW = 3.851926e-8f;
    public static final float LOG2_3 = 0.9617967f;
    public static final float LOG2_3_LOW = -7.028462e-9f;
    public static final float LOG2_5 = 0.5770782f;
    public static final float LOG2_7 = 0.41206598f;
    public static final float LOG2_9 = 0.33251458f;

    public static final float LN2 = 0.6931472f;
    public static final float LN2_TAIL = -1.9046542e-9f;
    /** Powers beyond it in size overflow or underflow for every base next to 1. */
    public static final float POWER_HIGHEST = 0x1p40f;
    /** Below it 2^x is 0. */
    public static final float EXP2_LOWEST = -155;
    /** Above it 2^x is infinite. */
    public static final float EXP2_HIGHEST = 130;

    public static final float TWO_OVER_PI = 0.63661975f;
    // pi/2 in three parts: with up to 16 bits of quotient, the first product is subtracted without error.
    public static final float HALF_PI_HIGH = 1.5707964f;
    public static final float HALF_PI_MIDDLE = -4.371139e-8f;
    public static final float HALF_PI_LOW = -1.7151249e-15f;
    /** Beyond it the angle is left to the scalar function. */
    public static final float ANGLE_HIGHEST = 65536;

    // sin r = r + r^3 (-1/6 + ...), cos r = 1 - r^2/2 + r^4 (1/24 + ...) for |r| <= pi/4: 0.003.
    public static final float SIN_3 = -0.16666667f;
    public static final float SIN_5 = 0.008333379f;
    public static final float SIN_7 = -0.0001985302f;
    public static final float SIN_9 = 2.831589e-6f;
    public static final float COS_4 = 0.041666668f;
    public static final float COS_6 = -0.0013888979f;
    public static final float COS_8 = 2.4821482e-5f;
    public static final float COS_10 = -2.8821486e-7f;

    /** From here on erf is 1 - exp of a polynomial. */
    public static final float ERF_SPLIT = 0.9277344f;
    /** From here on erf is 1. */
    public static final float ERF_HIGHEST = 4;

    // erf x = x + x (0.128 + ...) in x^2 below the split.
    public static final float ERF_1 = 0.12837917f;
    public static final float ERF_3 = -0.37612534f;
    public static final float ERF_5 = 0.112819925f;
    public static final float ERF_7 = -0.026768135f;
    public static final float ERF_9 = 0.0049911942f;
    public static final float ERF_11 = -0.0005967617f;

    // log(1 - erf t) + t = t (-0.128 + ...) above it.
    public static final float ERFC_1 = -0.12871751f;
    public static final float ERFC_2 = -0.6348467f;
    public static final float ERFC_3 = -0.10677788f;
    public static final float ERFC_4 = 0.024254622f;
    public static final float ERFC_5 = -0.0038839644f;
    public static final float ERFC_6 = 0.00038319713f;
    public static final float ERFC_7 = -1.7285347e-5f;

    // erf(x / sqrt 2) / 2x in x^2, for x up to 1 in size: 0.4.
    public static final float GELU_2 = 0.3989423f;
    public static final float GELU_4 = -0.06649036f;
    public static final float GELU_6 = 0.009973329f;
    public static final float GELU_8 = -0.001186344f;
    public static final float GELU_10 = 0.0001135023f;
    public static final float GELU_12 = -7.660538e-6f;

    public static final float SQRT_HALF = 0.70710677f;
    public static final float SQRT_TWO = 1.4142135f;
    public static final float SQRT_TWO_LOW = 2.4203235e-08f;
    /** The size of an argument below whose negative gelu is 0. */
    public static final float GELU_HIGHEST = 15;

    // (1 + 2z) exp(z^2) erfc(z) in (z - 2) / (z + 2), for z from 0 to 11: 0.23.
    public static final float ERFCX_0 = 1.2769784f;
    public static final float ERFCX_1 = -0.092763856f;
    public static final float ERFCX_2 = -0.166031f;
    public static final float ERFCX_3 = 0.16405235f;
    public static final float ERFCX_4 = -0.054206796f;
    public static final float ERFCX_5 = -0.00803916f;
    public static final float ERFCX_6 = 0.008641939f;
    public static final float ERFCX_7 = 0.0012574658f;
    public static final float ERFCX_8 = -0.0012614566f;
    public static final float ERFCX_9 = -0.00034767922f;
    public static final float ERFCX_10 = 3.8080052e-5f;

    private FloatConstants() {}
}
