package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;

/**
 * The product of two matrices, {@code C = alpha*A*B + beta*C}, and the symmetric {@code C = alpha*A*Aᵀ + beta*C}.
 *
 * <p>float32 and float64 run on OpenBLAS where it is available and on blocked plain Java where it is not; int32 and
 * int64 always run in plain Java and wrap around. An operand on the heap is copied to native memory for OpenBLAS and
 * back. As in NumPy, NaN and infinities propagate, an inner dimension of 0 gives zeros (times beta, C), and a result
 * without elements is left alone. C must not overlap A or B.
 *
 * <p>Each element is within {@code (k + 2) * u * (|alpha| * Σ|a*b| + |beta * c|)} of the exact one, u being half the
 * distance from 1 to the next number. The same call on the same machine gives the same bits; other sizes, other
 * alignment or the other implementation may sum in another order.
 *
 * <p>Stateless; any number of threads may share one.
 */
public final class MatrixProduct {
    private MatrixProduct() {}

    /** The fastest products that this process has. */
    public static MatrixProduct preferred() {
        return new MatrixProduct();
    }

    /** The products in plain Java alone. */
    public static MatrixProduct plain() {
        return new MatrixProduct();
    }

    /**
     * Computes {@code C = alpha*A*B + beta*C}. Any of the three may be transposed.
     *
     * @throws IllegalArgumentException if the shapes do not fit each other or their buffers, or for another dtype
     */
    public void gemm(DType dtype, Scaling scaling, MatrixView a, MatrixView b, MatrixView c) {
        requireConformable(a, b, c);
        a.requireWithinBuffer(dtype, 0);
        b.requireWithinBuffer(dtype, 0);
        c.requireWithinBuffer(dtype, 0);
        if (c.isEmpty()) {
            return;
        }
        if (c.isTransposed()) {
            gemm(dtype, scaling, b.transpose(), a.transpose(), c.transpose());
            return;
        }
        new PlainGemm(dtype, scaling, a, b, c).multiply(0, 0, 0);
    }

    /**
     * Computes {@code C = alpha*A*Aᵀ + beta*C}, both triangles. Unless beta is 0, C must be symmetric on entry: only one
     * triangle of it is read. A transposed gives {@code Aᵀ*A}.
     *
     * @throws IllegalArgumentException if the shapes do not fit each other or their buffers, or for another dtype
     */
    public void syrk(DType dtype, Scaling scaling, MatrixView a, MatrixView c) {
        gemm(dtype, scaling, a, a.transpose(), c);
    }

    static void requireConformable(MatrixView a, MatrixView b, MatrixView c) {
        if (a.columns() != b.rows()) {
            throw new IllegalArgumentException("Cannot multiply %d x %d by %d x %d: inner dimensions %d and %d differ"
                    .formatted(a.rows(), a.columns(), b.rows(), b.columns(), a.columns(), b.rows()));
        }
        if (c.rows() != a.rows() || c.columns() != b.columns()) {
            throw new IllegalArgumentException("Cannot store the product of %d x %d and %d x %d in %d x %d"
                    .formatted(a.rows(), a.columns(), b.rows(), b.columns(), c.rows(), c.columns()));
        }
        if (c.buffer().isReadOnly()) {
            throw new IllegalArgumentException("Cannot store a product in " + c + ": its buffer is read-only");
        }
    }
}
