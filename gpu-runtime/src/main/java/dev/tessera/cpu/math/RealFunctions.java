package dev.tessera.cpu.math;

/** Real functions that {@link Math} lacks, or has with other special values than C and NumPy. */
final class RealFunctions {
    private static final double INVERSE_LN_2 = 1.4426950408889634;
    private static final double SQRT_2 = 1.4142135623730951;

    private RealFunctions() {}

    static float sign(float x) {
        return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x;
    }

    static double sign(double x) {
        return x > 0 ? 1 : x < 0 ? -1 : x == 0 ? 0 : x;
    }

    static double log2(double x) {
        if (!(x > 0) || x == Double.POSITIVE_INFINITY) {
            return Math.log(x);
        }
        int exponent = Math.getExponent(Math.max(x, Double.MIN_NORMAL));
        double mantissa = x;
        if (x < Double.MIN_NORMAL) {
            mantissa = x * 0x1p54;
            exponent = Math.getExponent(mantissa) - 54;
            mantissa = Math.scalb(mantissa, -exponent - 54);
        } else {
            mantissa = Math.scalb(x, -exponent);
        }
        if (mantissa > SQRT_2) {
            mantissa /= 2;
            exponent++;
        }
        return exponent + Math.log(mantissa) * INVERSE_LN_2;
    }

    static double pow(double x, double y) {
        boolean isOne = x == 1 || (x == -1 && Double.isInfinite(y));
        return isOne ? 1 : Math.pow(x, y);
    }

    static float mod(float x, float y) {
        float rest = x % y;
        if (rest == 0) {
            return Math.copySign(0f, y);
        }
        return (rest < 0) != (y < 0) ? rest + y : rest;
    }

    static double mod(double x, double y) {
        double rest = x % y;
        if (rest == 0) {
            return Math.copySign(0.0, y);
        }
        return (rest < 0) != (y < 0) ? rest + y : rest;
    }

    static float floorDivide(float x, float y) {
        float rest = x % y;
        if (y == 0 || Float.isNaN(rest)) {
            return y == 0 ? x / y : Float.NaN;
        }
        float quotient = (x - rest) / y;
        if (rest != 0 && (rest < 0) != (y < 0)) {
            quotient -= 1;
        }
        return quotient == 0 ? Math.copySign(0f, x / y) : nearest(quotient, (float) Math.floor(quotient));
    }

    private static float nearest(float quotient, float floor) {
        return quotient - floor > 0.5f ? floor + 1 : floor;
    }

    static double floorDivide(double x, double y) {
        double rest = x % y;
        if (y == 0 || Double.isNaN(rest)) {
            return y == 0 ? x / y : Double.NaN;
        }
        double quotient = (x - rest) / y;
        if (rest != 0 && (rest < 0) != (y < 0)) {
            quotient -= 1;
        }
        double floor = Math.floor(quotient);
        return quotient == 0 ? Math.copySign(0.0, x / y) : quotient - floor > 0.5 ? floor + 1 : floor;
    }
}
