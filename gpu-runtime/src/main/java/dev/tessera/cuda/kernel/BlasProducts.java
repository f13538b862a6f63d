package dev.tessera.cuda.kernel;

import dev.tessera.cuda.driver.BlasCompute;
import dev.tessera.cuda.driver.BlasMatrix;
import dev.tessera.cuda.driver.GemmCall;
import dev.tessera.tensor.DType;
import java.util.Optional;

/** Products as calls of cuBLAS, where it can take them. */
final class BlasProducts {
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
