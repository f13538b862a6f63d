package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;

/**
 * Equally shaped matrices at a fixed distance: the first, and how many elements further each next one starts. Stride 0
 * means one matrix shared by the whole batch; matrices may interleave.
 */
public record MatrixBatch(MatrixView first, long stride) {
    public MatrixBatch {
        if (stride < 0) {
            throw new IllegalArgumentException(
                    "Cannot step through matrices by %d elements: the stride must not be negative".formatted(stride));
        }
    }

    /** One matrix for the whole batch. */
    public static MatrixBatch shared(MatrixView matrix) {
        return new MatrixBatch(matrix, 0);
    }

    public boolean isShared() {
        return stride == 0;
    }

    /** The same matrices, each transposed. */
    public MatrixBatch transpose() {
        return new MatrixBatch(first.transpose(), stride);
    }

    void requireWithinBuffer(DType dtype, int count) {
        first.requireWithinBuffer(dtype, Math.multiplyExact(stride, Math.max(0L, count - 1L)));
    }
}
