package dev.tessera.cuda.driver;

import dev.tessera.tensor.DType;

/**
 * {@code C = alpha * op(A) op(A)' + beta * C}, for op(A) of n x k, column-major: one triangle of C, the other is not touched.
 *
 * @param dtype float32 or float64
 * @param lower whether the triangle is the lower one, columns going down from the diagonal
 */
public record SyrkCall(
        DType dtype, boolean lower, int n, int k, double alpha, BlasMatrix a, double beta, BlasMatrix c) {}
