package dev.tessera.cuda.driver;

/**
 * A matrix on the device as cuBLAS sees one: column-major, so that a row-major matrix is its own transpose.
 *
 * @param address of its first element
 * @param leadingDimension elements from one column to the next
 * @param stride elements from one matrix of a batch to the next; 0 if all are the same
 * @param transposed whether the product takes the transpose; never set for a result
 */
public record BlasMatrix(long address, int leadingDimension, long stride, boolean transposed) {}
