package dev.tessera.cpu.math;

/**
 * Functions that {@link Math} lacks, from series and fractions that the primitives do not use: within 2^-38, which is
 * enough to measure float32 by.
 */
final class ScalarReferences {
    private ScalarReferences() {}

    static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double softplus(double x) {
        return x > 40 ? x : Math.log1p(Math.exp(x));
    }

    static double erf(double x) {
        return Math.abs(x) > 2.5 ? Math.copySign(1 - farErfc(Math.abs(x)), x) : nearErf(x);
    }

    static double gelu(double x) {
        double z = x / Math.sqrt(2);
        return z < -2.5 ? x / 2 * farErfc(-z) : x / 2 * (1 + erf(z));
    }

    /** Maclaurin's series, whose largest term is below 250 here. */
    private static double nearErf(double x) {
        double power = x;
        double sum = x;
        for (int n = 1; Math.abs(power) > Math.abs(x) * 0x1p-60; n++) {
            power *= -x * x / n;
            sum += power / (2 * n + 1);
        }
        return sum * (2 / Math.sqrt(Math.PI));
    }

    /** Laplace's continued fraction. */
    private static double farErfc(double x) {
        if (x > 40) {
            return 0;
        }
        double fraction = x;
        for (int n = 60; n > 0; n--) {
            fraction = x + n / 2.0 / fraction;
        }
        return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
    }
}
