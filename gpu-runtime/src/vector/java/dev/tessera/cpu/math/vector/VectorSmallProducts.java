package dev.tessera.cpu.math.vector;

import dev.tessera.cpu.math.SmallProducts;

/**
 * Small products with the Vector API. With vectors of 256 bits they are faster than a call of OpenBLAS for each, or about
 * as fast; for vectors of 512 bits OpenBLAS has kernels for small matrices, which only the smallest products outrun.
 * Stateless.
 */
public final class VectorSmallProducts implements SmallProducts {
    private static final int RIVAL_BITS = 512;

    public VectorSmallProducts() {}

    @Override
    public boolean outrunsLibrary(Shape shape) {
        boolean isByVector = shape.rows() == 1 || shape.columns() == 1;
        boolean hasRival = FloatLanes.SPECIES.vectorBitSize() >= RIVAL_BITS;
        return shape.work() <= SmallProducts.OWN_WORK || !(isByVector || hasRival);
    }

    @Override
    public void multiply(Shape shape, int count, float[] a, float[] b, float[] c) {
        FloatTiles.multiply(shape, count, a, b, c);
    }

    @Override
    public void multiply(Shape shape, int count, double[] a, double[] b, double[] c) {
        DoubleTiles.multiply(shape, count, a, b, c);
    }
}
