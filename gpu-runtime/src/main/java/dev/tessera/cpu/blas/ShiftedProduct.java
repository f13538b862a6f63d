package dev.tessera.cpu.blas;

/** A prepared product of equally shaped matrices, wherever they start. Confined to one thread. */
public interface ShiftedProduct {
    /** Multiplies the matrices that start this many elements after the ones prepared. */
    void multiply(long aShift, long bShift, long cShift);
}
