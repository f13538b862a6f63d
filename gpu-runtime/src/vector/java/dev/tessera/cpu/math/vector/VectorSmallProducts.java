package dev.tessera.cpu.math.vector;

import dev.tessera.cpu.math.SmallProducts;

/** Small products with the Vector API, at any size faster than a call of OpenBLAS for each. Stateless. */
public final class VectorSmallProducts implements SmallProducts {
    public VectorSmallProducts() {}

    @Override
    public boolean outrunsLibrary(Shape shape) {
        return true;
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
