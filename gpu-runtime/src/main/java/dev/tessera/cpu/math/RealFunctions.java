package dev.tessera.cpu.math;

/** Real functions that {@link Math} lacks, or has with other special values than C and NumPy. */
final class RealFunctions {
    private static final double INVERSE_LN_2 = 1.4426950408889634;
    private static final double SQRT_2 = 1.4142135623730951;
    private static final double SQRT_HALF = 0.7071067811865476;
    /** From here on erf rounds to 1. */
    private static final double ERF_ONE = 6;

    /** From twice this argument on tanh rounds to 1. */
    private static final double TWICE_TANH_ONE = 44;
    /** From here on gelu of the negative is 0. */
    private static final double GELU_ZERO = 39;

    /** {@code erf(x) / x - 1} in powers of x^2, up to 1: within 2^-56. */
    private static final double[] ERF_SMALL = {
        0.1283791670955126,
        -0.37612638903183754,
        0.1128379167095512,
        -0.02686617064512984,
        0.0052239776254232985,
        -0.000854832702193483,
        0.00012055332902888736,
        -1.4925647567519332e-05,
        1.6462045441468418e-06,
        -1.6364642158167616e-07,
        1.4792401209404813e-08,
        -1.216456005728345e-09,
        8.709045129053106e-11,
        -4.230945824295338e-12,
    };

    /** {@code (1 + 2x) exp(x^2) erfc(x)} in powers of (x - 3) / (x + 3), for x from 0 to 28: within 2^-54. */
    private static final double[] ERFCX = {
        1.2530080582697296,
        -0.1356211061245807,
        -0.047562294353446374,
        0.12964515870270552,
        -0.11927366341552853,
        0.06830802734580459,
        -0.02377051491423367,
        0.002529391788270445,
        0.001888690312003782,
        -0.0007798320379611115,
        -0.00010515949033775975,
        0.00012509815174864322,
        4.948147875576539e-06,
        -2.009663087595395e-05,
        -7.275875746667183e-07,
        3.463997532352904e-06,
        3.4899197889744293e-07,
        -6.050048623933503e-07,
        -1.311166137536459e-07,
        9.186243026143847e-08,
        3.29163439676632e-08,
        -8.500119502115306e-09,
        -4.210104975119195e-09,
    };

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

    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        double sum = 1 + e;
        double below = quotient(e, sum, e - (sum - 1));
        return x > 0 ? 1 - below : below;
    }

    /** {@code e / (e + 2)} for e = expm1(2x): better than {@link Math#tanh}, whose bound is 2.5 ulp. */
    static double tanh(double x) {
        if (x == 0) {
            return x;
        }
        double e = Math.expm1(Math.min(2 * Math.abs(x), TWICE_TANH_ONE));
        double sum = e + 2;
        double part = sum - e;
        return Math.copySign(quotient(e, sum, (e - (sum - part)) + (2 - part)), x);
    }

    /** Divides by {@code high + low}. */
    private static double quotient(double x, double high, double low) {
        double q = x / high;
        return q + Math.fma(-q, low, Math.fma(-q, high, x)) / high;
    }

    static double softplus(double x) {
        double tail = Math.log1p(Math.exp(-Math.abs(x)));
        return Double.isNaN(x) ? x : Math.max(x, 0) + tail;
    }

    /** Above 1 in size, {@code max(x, 0) - |x| erfc(|x| / sqrt 2) / 2}, which does not cancel for negative x. */
    static double gelu(double x) {
        if (Math.abs(x) < 1) {
            return x / 2 * (1 + erf(x * SQRT_HALF));
        }
        double size = Math.min(Math.abs(x), GELU_ZERO);
        double half = size * size / 2;
        double rest = Math.fma(size, size, -size * size) / 2;
        double factor = scaledErfc(size * SQRT_HALF) * (size / 2);
        return Math.max(x, -0.0) - factor * (1 - rest) * Math.exp(-half);
    }

    /** The error function: an odd polynomial up to 1 in size, one minus the complement above. */
    static double erf(double x) {
        double size = Math.abs(x);
        if (size <= 1) {
            return Math.fma(x, polynomial(ERF_SMALL, x * x), x);
        }
        if (size >= ERF_ONE) {
            return Math.signum(x);
        }
        double square = size * size;
        double rest = Math.fma(size, size, -square);
        return Math.copySign(1 - scaledErfc(size) * (1 - rest) * Math.exp(-square), x);
    }

    /** {@code exp(x^2) erfc(x)} for x from 0 to 28. */
    private static double scaledErfc(double x) {
        return polynomial(ERFCX, (x - 3) / (x + 3)) / (1 + 2 * x);
    }

    private static double polynomial(double[] coefficients, double x) {
        double sum = 0;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            sum = Math.fma(sum, x, coefficients[i]);
        }
        return sum;
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
