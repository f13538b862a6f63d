package dev.tessera.cpu.blas;

/**
 * The factors of {@code C = alpha*A*B + beta*C}. With {@code beta == 0} the old contents of C are never read, so that
 * NaN in it does not matter; with {@code alpha == 0} it is not defined whether NaN in A or B reaches C. Products of
 * integers take whole factors.
 */
public record Scaling(double alpha, double beta) {
    /** {@code C = A*B}. */
    public static final Scaling OVERWRITE = new Scaling(1, 0);

    /** {@code C = A*B + C}. */
    public static final Scaling ACCUMULATE = new Scaling(1, 1);

    long integerAlpha() {
        return integer("alpha", alpha);
    }

    long integerBeta() {
        return integer("beta", beta);
    }

    private static long integer(String name, double factor) {
        if (factor != Math.rint(factor) || Math.abs(factor) > 1L << 53) {
            throw new IllegalArgumentException(
                    "Cannot scale a product of integers by %s = %s: it must be a whole number within 2^53"
                            .formatted(name, factor));
        }
        return (long) factor;
    }
}
