package dev.tessera.cuda.driver;

/**
 * {@code C = alpha * op(A) op(B) + beta * C}, for op(A) of m x k, op(B) of k x n and C of m x n, column-major. C is not read
 * where {@code beta} is 0.
 *
 * @param batch how many such products, each {@code stride} elements after the last
 */
public record GemmCall(
        BlasCompute compute,
        int m,
        int n,
        int k,
        int batch,
        double alpha,
        BlasMatrix a,
        BlasMatrix b,
        double beta,
        BlasMatrix c) {}
