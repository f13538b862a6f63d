package dev.tessera.cpu.blas;

import dev.tessera.cpu.math.PlainSmallProducts;
import dev.tessera.cpu.math.SmallProducts;
import dev.tessera.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * The product of two matrices, {@code C = alpha*A*B + beta*C}, and the symmetric {@code C = A*Aᵀ}.
 *
 * <p>float32 and float64 run on OpenBLAS if all three matrices are outside the heap, and else in blocked plain Java; small
 * ones run by {@link SmallProducts} where those are faster. int32 and int64 always run in plain Java and wrap around. As in
 * NumPy, NaN and infinities propagate, an inner dimension of 0 gives zeros (times beta, C), and a result without elements
 * is left alone. C must not overlap A or B.
 *
 * <p>Each element is within {@code (k + 2) * u * (|alpha| * Σ|a*b| + |beta * c|)} of the exact one, u being half the
 * distance from 1 to the next number. The same call on the same machine gives the same bits; other sizes, other
 * alignment or the other implementation may sum in another order.
 *
 * <p>Stateless; any number of threads may share one.
 */
public final class MatrixProduct {
    /** Sides from which on half the work of a product makes up for mirroring its result. */
    private static final int SYRK_SIZE = 128;

    private final @Nullable OpenBlas openBlas;
    private final SmallProducts small;

    private MatrixProduct(@Nullable OpenBlas openBlas, SmallProducts small) {
        this.openBlas = openBlas;
        this.small = small;
    }

    /** Products on OpenBLAS, of what it takes. */
    public static MatrixProduct on(OpenBlas openBlas) {
        return new MatrixProduct(openBlas, PlainSmallProducts.INSTANCE);
    }

    /** The products in plain Java alone. */
    public static MatrixProduct plain() {
        return new MatrixProduct(null, PlainSmallProducts.INSTANCE);
    }

    /** The same products, small ones by {@code products}. */
    public MatrixProduct withSmall(SmallProducts products) {
        return new MatrixProduct(openBlas, products);
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
        if (!c.isEmpty()) {
            ShiftedProduct product = prepare(dtype, scaling, a, b, c);
            product.multiply(0, 0, 0);
            product.finish();
        }
    }

    /**
     * Prepares {@code C = alpha*A*B + beta*C} for matrices laid out as these are, wherever they start. Nothing is checked
     * here: C is not empty, shapes fit each other, and every shift stays within the buffers.
     */
    public ShiftedProduct prepare(DType dtype, Scaling scaling, MatrixView a, MatrixView b, MatrixView c) {
        if (c.isTransposed()) {
            return prepare(dtype, scaling, b.transpose(), a.transpose(), c.transpose())
                    .swapped();
        }
        boolean isNative = openBlas != null && a.columns() > 0 && OpenBlas.takes(dtype, a, b, c);
        if (isSmall(dtype, scaling, a, c)
                && (!isNative || small.outrunsLibrary(new SmallProducts.Shape(c.rows(), a.columns(), c.columns())))) {
            return new SmallProduct(small, dtype, a, b, c);
        }
        if (openBlas != null && isNative) {
            boolean isVector = c.rows() == 1 || c.columns() == 1;
            return isVector ? Gemv.of(dtype, scaling, a, b, c) : openBlas.product(dtype, scaling, a, b, c);
        }
        return new PlainGemm(dtype, scaling, a, b, c);
    }

    private static boolean isSmall(DType dtype, Scaling scaling, MatrixView a, MatrixView c) {
        return dtype.isFloating()
                && scaling.equals(Scaling.OVERWRITE)
                && SmallProducts.Shape.isSmall(c.rows(), a.columns(), c.columns());
    }

    /**
     * Prepares {@code C = A*Aᵀ}, both triangles, for matrices laid out as these are, wherever they start; the second of the
     * shifts is that of A again. Unchecked as {@link #prepare} is. A transposed gives {@code Aᵀ*A}.
     */
    public ShiftedProduct prepareSymmetric(DType dtype, MatrixView a, MatrixView c) {
        MatrixView transposed = a.transpose();
        boolean isWorthIt = c.rows() >= SYRK_SIZE && a.columns() >= SYRK_SIZE;
        if (openBlas != null && isWorthIt && OpenBlas.takes(dtype, a, transposed, c)) {
            return new Syrk(dtype, a, c);
        }
        return prepare(dtype, Scaling.OVERWRITE, a, transposed, c);
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
