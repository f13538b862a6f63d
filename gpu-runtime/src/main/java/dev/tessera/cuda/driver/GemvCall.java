package dev.tessera.cuda.driver;

import dev.tessera.tensor.DType;

/**
 * {@code y = alpha * op(A) x + beta * y}, for A of m x n before it is transposed, column-major.
 *
 * @param dtype float32 or float64
 * @param x the address of its first element; {@code xStride} elements to the next
 */
public record GemvCall(
        DType dtype, int m, int n, double alpha, BlasMatrix a, long x, int xStride, double beta, long y, int yStride) {}
