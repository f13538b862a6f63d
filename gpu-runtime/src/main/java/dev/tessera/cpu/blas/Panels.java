package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;

/**
 * Heap copies of one block of A, one block of B and one row of a block of C, and the inner loop over them, for one
 * dtype. {@code from} is an element of a buffer, {@code to} a place in a panel. Confined to one call.
 */
interface Panels {
    /** Copies {@code count} elements of A, times alpha, to every {@code step}-th place of its panel. */
    void loadA(int from, int to, int count, int step);

    /** Copies {@code count} elements of B to every {@code step}-th place of its panel. */
    void loadB(int from, int to, int count, int step);

    /** Fills the row with {@code count} elements of C. */
    void loadC(int from, int count);

    /** Fills the row with {@code count} elements of C times beta, with zeros if beta is 0. */
    void loadScaledC(int from, int count);

    /** Adds {@code depth} rows of B, {@code width} long, to the row, each times its element of A from {@code aAt} on. */
    void accumulate(int aAt, int depth, int width);

    /** Copies {@code count} elements of the row to C. */
    void storeC(int to, int count);

    static Panels of(DType dtype, Scaling scaling, PlainGemm.Operands operands, PlainGemm.Blocks blocks) {
        return switch (dtype) {
            case FLOAT32 -> new Float32Panels(scaling, operands, blocks);
            case FLOAT64 -> new Float64Panels(scaling, operands, blocks);
            case INT32 -> new Int32Panels(scaling, operands, blocks);
            case INT64 -> new Int64Panels(scaling, operands, blocks);
            case BOOL, UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalArgumentException(
                        "Cannot multiply matrices of %s: cast to float32, float64, int32 or int64 first"
                                .formatted(dtype));
        };
    }
}
