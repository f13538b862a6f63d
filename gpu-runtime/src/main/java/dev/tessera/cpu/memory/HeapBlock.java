package dev.tessera.cpu.memory;

import dev.tessera.tensor.DType;

/** Heap arrays by dtype: bytes for bool. */
public final class HeapBlock {
    private HeapBlock() {}

    /** A new array of the dtype's Java type, zero. */
    public static Object of(DType dtype, int length) {
        return switch (dtype) {
            case BOOL -> new byte[length];
            case INT32 -> new int[length];
            case INT64 -> new long[length];
            case FLOAT32 -> new float[length];
            case FLOAT64 -> new double[length];
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalStateException("No value is computed in " + dtype);
        };
    }
}
