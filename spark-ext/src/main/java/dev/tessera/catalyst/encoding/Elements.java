package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Copies of single primitive values with conversion, for columns whose bytes are not the batch's bytes. */
final class Elements {
    private Elements() {}

    /** Copies the first {@code count} elements of {@code values}, converted to {@code dtype}, to a position. */
    static void copy(
            SpecializedGetters values, int count, PrimitiveColumn from, DType dtype, HostMemory target, int position) {
        int at = position;
        for (int i = 0; i < count; i++) {
            copyOne(values, i, from, dtype, target.bytes(), at);
            at += dtype.widthInBytes();
        }
    }

    /** Copies one value, converted to {@code dtype}, to a position. */
    static void copyOne(
            SpecializedGetters values, int ordinal, PrimitiveColumn from, DType dtype, ByteBuffer target, int at) {
        switch (from) {
            case FLOAT -> putDouble(values.getFloat(ordinal), dtype, target, at);
            case DOUBLE -> putDouble(values.getDouble(ordinal), dtype, target, at);
            case BOOLEAN -> putLong(values.getBoolean(ordinal) ? 1 : 0, dtype, target, at);
            case BYTE -> putLong(values.getByte(ordinal), dtype, target, at);
            case SHORT -> putLong(values.getShort(ordinal), dtype, target, at);
            case INT -> putLong(values.getInt(ordinal), dtype, target, at);
            case LONG -> putLong(values.getLong(ordinal), dtype, target, at);
        }
    }

    private static void putDouble(double value, DType dtype, ByteBuffer target, int at) {
        if (dtype == DType.FLOAT32) {
            target.putFloat(at, (float) value);
        } else if (dtype == DType.FLOAT64) {
            target.putDouble(at, value);
        } else {
            throw new IllegalStateException("A floating column is read as " + dtype);
        }
    }

    private static void putLong(long value, DType dtype, ByteBuffer target, int at) {
        switch (dtype) {
            case BOOL -> target.put(at, (byte) value);
            case INT32 -> target.putInt(at, (int) value);
            case INT64 -> target.putLong(at, value);
            case FLOAT32 -> target.putFloat(at, (float) value);
            case FLOAT64 -> target.putDouble(at, (double) value);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalStateException("A column is read as storage dtype " + dtype);
        }
    }
}
