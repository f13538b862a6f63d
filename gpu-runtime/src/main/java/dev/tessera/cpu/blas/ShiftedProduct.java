package dev.tessera.cpu.blas;

/** A prepared product of equally shaped matrices, wherever they start. Confined to one thread. */
public interface ShiftedProduct {
    /**
     * Multiplies the matrices that start this many elements after the ones prepared, at the latest in {@link #finish};
     * until then no operand may change.
     */
    void multiply(long aShift, long bShift, long cShift);

    /** Computes what is outstanding. */
    default void finish() {}

    /** The same product with the roles of A and B swapped, as {@code Cᵀ = Bᵀ*Aᵀ} has them. */
    default ShiftedProduct swapped() {
        ShiftedProduct product = this;
        return new ShiftedProduct() {
            @Override
            public void multiply(long aShift, long bShift, long cShift) {
                product.multiply(bShift, aShift, cShift);
            }

            @Override
            public void finish() {
                product.finish();
            }
        };
    }
}
