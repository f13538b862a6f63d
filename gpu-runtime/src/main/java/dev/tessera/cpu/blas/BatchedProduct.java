package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;

/**
 * The products of many pairs of matrices, {@code C[i] = A[i]*B[i]}, as row-varying operands need them. Semantics and
 * bounds are those of {@link MatrixProduct} with alpha 1 and beta 0.
 *
 * <p>Stateless; any number of threads may share one.
 */
public final class BatchedProduct {
    private BatchedProduct() {}

    /** The fastest products that this process has. */
    public static BatchedProduct preferred() {
        return new BatchedProduct();
    }

    /** The products in plain Java alone. */
    public static BatchedProduct plain() {
        return new BatchedProduct();
    }

    /**
     * Computes {@code count} products. The matrices of C must not overlap each other or those of A and B; they may
     * interleave.
     *
     * @throws IllegalArgumentException if the shapes do not fit each other or their buffers, or for another dtype
     */
    public void multiply(DType dtype, int count, MatrixBatch a, MatrixBatch b, MatrixBatch c) {
        requireValid(dtype, count, a, b, c);
        if (count == 0 || c.first().isEmpty()) {
            return;
        }
        if (c.first().isTransposed()) {
            multiply(dtype, count, b.transpose(), a.transpose(), c.transpose());
            return;
        }
        PlainGemm gemm = new PlainGemm(dtype, Scaling.OVERWRITE, a.first(), b.first(), c.first());
        for (long i = 0; i < count; i++) {
            gemm.multiply(i * a.stride(), i * b.stride(), i * c.stride());
        }
    }

    private static void requireValid(DType dtype, int count, MatrixBatch a, MatrixBatch b, MatrixBatch c) {
        MatrixProduct.requireConformable(a.first(), b.first(), c.first());
        if (count < 0) {
            throw new IllegalArgumentException("Cannot multiply %d pairs of matrices".formatted(count));
        }
        if (count > 1 && c.isShared() && !c.first().isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot store %d products in one matrix: the stride of C is 0".formatted(count));
        }
        a.requireWithinBuffer(dtype, count);
        b.requireWithinBuffer(dtype, count);
        c.requireWithinBuffer(dtype, count);
    }
}
