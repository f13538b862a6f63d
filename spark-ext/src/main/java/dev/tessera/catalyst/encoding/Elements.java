package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Stores single values in a batch, converted to its dtype. */
final class Elements {
    private Elements() {}

    /** Copies one value, converted to {@code to}, to a position. */
    static void copyOne(
            SpecializedGetters values, int ordinal, PrimitiveColumn from, DType to, ByteBuffer target, int at) {
        switch (from) {
            case FLOAT -> putFloat(values.getFloat(ordinal), to, target, at);
            case DOUBLE -> putDouble(values.getDouble(ordinal), to, target, at);
            case BOOLEAN -> putLong(values.getBoolean(ordinal) ? 1 : 0, to, target, at);
            case BYTE -> putLong(values.getByte(ordinal), to, target, at);
            case SHORT -> putLong(values.getShort(ordinal), to, target, at);
            case INT -> putLong(values.getInt(ordinal), to, target, at);
            case LONG -> putLong(values.getLong(ordinal), to, target, at);
        }
    }

    /** Stores a float as it is, or as a double. */
    static void putFloat(float value, DType dtype, ByteBuffer target, int at) {
        if (dtype == DType.FLOAT32) {
            target.putFloat(at, value);
        } else {
            putDouble(value, dtype, target, at);
        }
    }

    /** Stores a double as it is, or rounded to a float. */
    static void putDouble(double value, DType dtype, ByteBuffer target, int at) {
        if (dtype == DType.FLOAT64) {
            target.putDouble(at, value);
        } else if (dtype == DType.FLOAT32) {
            target.putFloat(at, (float) value);
        } else {
            throw new IllegalStateException("A floating column is read as " + dtype);
        }
    }

    /** Stores an integer, wrapped to the width of an integer dtype or rounded to a floating one. */
    static void putLong(long value, DType dtype, ByteBuffer target, int at) {
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
