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
    public static final float LN2_HIGH = 0.693145751953125f;

    public static final float LN2_LOW = 1.42860677e-6f;

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
    public static final float EXP_3 = 0.166665182f;
    public static final float EXP_4 = 0.041666422f;
    public static final float EXP_5 = 0.00836899597f;
    public static final float EXP_6 = 0.0013938864f;

    /** The bits of the square root of a half, where a mantissa begins. */
    public static final int SQRT_HALF_BITS = 0x3f3504f3;

    /** Beyond it log1p is left to the scalar function. */
    public static final float LOG1P_HIGHEST = 0x1p100f;

    // log(1 + f) = f - f^2/2 + f^3 (1/3 + ...) for 1 + f between the square roots of 1/2 and 2: 0.1.
    public static final float LOG_3 = 0.333333313f;
    public static final float LOG_4 = -0.250008225f;
    public static final float LOG_5 = 0.200012505f;
    public static final float LOG_6 = -0.166233152f;
    public static final float LOG_7 = 0.142012686f;
    public static final float LOG_8 = -0.13160181f;
    public static final float LOG_9 = 0.127648279f;
    public static final float LOG_10 = -0.0763833523f;

    /** log2(e) in two parts. */
    public static final float LOG2_E_HIGH = 1.44269502f;

    public static final float LOG2_E_LOW = 1.92596303e-8f;

    public static final float TWO_OVER_PI = 0.636619747f;
    // pi/2 in three parts: with up to 16 bits of quotient, the first product is subtracted without error.
    public static final float HALF_PI_HIGH = 1.57079637f;
    public static final float HALF_PI_MIDDLE = -4.37113883e-8f;
    public static final float HALF_PI_LOW = -1.71512489e-15f;
    /** Beyond it the angle is left to the scalar function. */
    public static final float ANGLE_HIGHEST = 65536;

    // sin r = r + r^3 (-1/6 + ...), cos r = 1 - r^2/2 + r^4 (1/24 + ...) for |r| <= pi/4: 0.003.
    public static final float SIN_3 = -0.166666672f;
    public static final float SIN_5 = 0.0083333794f;
    public static final float SIN_7 = -0.000198530193f;
    public static final float SIN_9 = 2.83158897e-06f;
    public static final float COS_4 = 0.0416666679f;
    public static final float COS_6 = -0.00138889789f;
    public static final float COS_8 = 2.48214819e-05f;
    public static final float COS_10 = -2.88214864e-07f;

    /** From here on erf is 1 - exp of a polynomial. */
    public static final float ERF_SPLIT = 0.927734375f;
    /** From here on erf is 1. */
    public static final float ERF_HIGHEST = 4;

    // erf x = x + x (0.128 + ...) in x^2 below the split.
    public static final float ERF_1 = 0.128379166f;
    public static final float ERF_3 = -0.376125336f;
    public static final float ERF_5 = 0.112819925f;
    public static final float ERF_7 = -0.0267681349f;
    public static final float ERF_9 = 0.00499119423f;
    public static final float ERF_11 = -0.000596761703f;

    // log(1 - erf t) + t = t (-0.128 + ...) above it.
    public static final float ERFC_1 = -0.128717512f;
    public static final float ERFC_2 = -0.634846687f;
    public static final float ERFC_3 = -0.106777877f;
    public static final float ERFC_4 = 0.0242546219f;
    public static final float ERFC_5 = -0.00388396438f;
    public static final float ERFC_6 = 0.000383197126f;
    public static final float ERFC_7 = -1.7285347e-5f;

    public static final float SQRT_HALF = 0.707106769f;
    /** The size of an argument below whose negative gelu is 0. */
    public static final float GELU_HIGHEST = 15;

    // (1 + 2z) exp(z^2) erfc(z) in (z - 2) / (z + 2), for z from 0 to 11: 0.23.
    public static final float ERFCX_0 = 1.27697837f;
    public static final float ERFCX_1 = -0.0927638561f;
    public static final float ERFCX_2 = -0.166031003f;
    public static final float ERFCX_3 = 0.164052352f;
    public static final float ERFCX_4 = -0.054206796f;
    public static final float ERFCX_5 = -0.0080391597f;
    public static final float ERFCX_6 = 0.00864193868f;
    public static final float ERFCX_7 = 0.0012574658f;
    public static final float ERFCX_8 = -0.00126145664f;
    public static final float ERFCX_9 = -0.000347679219f;
    public static final float ERFCX_10 = 3.8080052e-05f;

    private FloatConstants() {}
}
