package dev.tessera.cuda.kernel;

import dev.tessera.cuda.driver.BlasCompute;
import dev.tessera.cuda.driver.BlasMatrix;
import dev.tessera.cuda.driver.GemmCall;
import dev.tessera.cuda.driver.GemvCall;
import dev.tessera.cuda.driver.SyrkCall;
import dev.tessera.tensor.DType;
import java.util.Optional;

/** Products as calls of cuBLAS, where it can take them. */
final class BlasProducts {
    /** Of smaller results, half the work is worth less than the launch that completes the other half. */
    private static final long LEAST_SYMMETRIC = 256;

    private final BlasCompute float32;

    /** @param float32 how products of float32 are computed */
    BlasProducts(BlasCompute float32) {
        this.float32 = float32;
    }

    /** The call for a product with matrices at these addresses; none if cuBLAS has none for such a dtype, size or layout. */
    Optional<GemmCall> call(DeviceWork.Product product, long[] addresses) {
        DeviceWork.ProductShape shape = product.shape();
        boolean isReal = product.dtype().isFloating();
        if (!isReal || shape.inner() == 0 || !fits(shape.rows(), shape.columns(), shape.inner(), product.count())) {
            return Optional.empty();
        }
        Optional<BlasLayout> a = layout(product.a(), shape.rows(), shape.inner());
        Optional<BlasLayout> b = layout(product.b(), shape.inner(), shape.columns());
        Optional<BlasLayout> out = layout(product.out(), shape.rows(), shape.columns());
        if (a.isEmpty() || b.isEmpty() || out.isEmpty()) {
            return Optional.empty();
        }
        // Of a result by rows, cuBLAS computes the transpose: the factors swap, and each is its own transpose.
        boolean isSwapped = out.get().isRowMajor();
        BlasMatrix left = matrix(product.a(), addresses[0], a.get(), isSwapped);
        BlasMatrix right = matrix(product.b(), addresses[1], b.get(), isSwapped);
        BlasMatrix result = new BlasMatrix(
                addresses[2], out.get().leadingDimension(), product.out().stride(), false);
        return Optional.of(new GemmCall(
                product.dtype() == DType.FLOAT32 ? float32 : BlasCompute.FLOAT64,
                (int) (isSwapped ? shape.columns() : shape.rows()),
                (int) (isSwapped ? shape.rows() : shape.columns()),
                (int) shape.inner(),
                (int) product.count(),
                1,
                isSwapped ? right : left,
                isSwapped ? left : right,
                0,
                result));
    }

    /** The call for a product with one row or one column; none if it is another, or cuBLAS has none for it. */
    Optional<GemvCall> vectorCall(DeviceWork.Product product, long[] addresses) {
        DeviceWork.ProductShape shape = product.shape();
        if (product.count() != 1 || !product.dtype().isFloating() || shape.inner() == 0) {
            return Optional.empty();
        }
        DeviceWork.Matrix out = product.out();
        if (shape.columns() == 1) {
            Vector x = new Vector(addresses[1], product.b().rowStride());
            return vectorCall(product, addresses[0], product.a(), x, new Vector(addresses[2], out.rowStride()));
        }
        if (shape.rows() == 1) {
            DeviceWork.Matrix b = product.b();
            DeviceWork.Matrix turned = new DeviceWork.Matrix(
                    b.slot(),
                    b.offset(),
                    b.stride(),
                    /* rowStride= */ b.columnStride(),
                    /* columnStride= */ b.rowStride());
            Vector x = new Vector(addresses[0], product.a().columnStride());
            return vectorCall(product, addresses[1], turned, x, new Vector(addresses[2], out.columnStride()));
        }
        return Optional.empty();
    }

    /** A vector: where it begins, and elements from one to the next. */
    private record Vector(long address, long stride) {}

    private static Optional<GemvCall> vectorCall(
            DeviceWork.Product product, long address, DeviceWork.Matrix matrix, Vector x, Vector y) {
        long inner = product.shape().inner();
        long results = Math.max(product.shape().rows(), product.shape().columns());
        long xStride = inner == 1 ? 1 : x.stride();
        long yStride = results == 1 ? 1 : y.stride();
        Optional<BlasLayout> layout = layout(matrix, results, inner);
        if (layout.isEmpty() || xStride < 1 || yStride < 1 || !fits(results, inner, xStride, yStride)) {
            return Optional.empty();
        }
        boolean isTurned = layout.get().isRowMajor();
        return Optional.of(new GemvCall(
                product.dtype(),
                (int) (isTurned ? inner : results),
                (int) (isTurned ? results : inner),
                1,
                new BlasMatrix(address, layout.get().leadingDimension(), 0, isTurned),
                x.address(),
                (int) xStride,
                0,
                y.address(),
                (int) yStride));
    }

    /**
     * The call for the product of a large matrix and its own transpose, of which it computes what is on and above the
     * diagonal of the result by rows; none if it is another product, or cuBLAS has none for it as exact.
     */
    Optional<SyrkCall> symmetricCall(DeviceWork.Product product, long[] addresses) {
        long size = product.shape().rows();
        long inner = product.shape().inner();
        boolean isStrict = product.dtype() == DType.FLOAT64
                || (product.dtype() == DType.FLOAT32 && float32 == BlasCompute.FLOAT32);
        boolean isLarge = product.isSymmetric() && product.count() == 1 && size >= LEAST_SYMMETRIC && inner > 0;
        Optional<BlasLayout> a = layout(product.a(), size, inner);
        Optional<BlasLayout> out = layout(product.out(), size, size);
        if (!isStrict || !isLarge || a.isEmpty() || out.isEmpty() || !out.get().isRowMajor() || !fits(size, inner)) {
            return Optional.empty();
        }
        return Optional.of(new SyrkCall(
                product.dtype(),
                true,
                (int) size,
                (int) inner,
                1,
                new BlasMatrix(
                        addresses[0], a.get().leadingDimension(), 0, a.get().isRowMajor()),
                0,
                new BlasMatrix(addresses[2], out.get().leadingDimension(), 0, false)));
    }

    private static boolean fits(long... sizes) {
        for (long size : sizes) {
            if (size > Integer.MAX_VALUE) {
                return false;
            }
        }
        return true;
    }

    private static Optional<BlasLayout> layout(DeviceWork.Matrix matrix, long rows, long columns) {
        return BlasLayout.of(rows, columns, matrix.rowStride(), matrix.columnStride());
    }

    private static BlasMatrix matrix(DeviceWork.Matrix matrix, long address, BlasLayout layout, boolean isSwapped) {
        return new BlasMatrix(address, layout.leadingDimension(), matrix.stride(), layout.isRowMajor() != isSwapped);
    }
}
