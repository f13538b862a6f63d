package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** The decoding of little-endian values of one dtype, perhaps a storage dtype, into batches of another. Immutable. */
record LittleEndian(DType stored, DType dtype) {
    private static final boolean IS_NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** Stores {@code count} values that Platform finds at an address at a position; any bool but 0 is true. */
    void decode(@Nullable Object base, long offset, int count, HostMemory target, int position) {
        if (IS_NATIVE && stored == dtype && dtype != DType.BOOL) {
            target.copyFrom(base, offset, position, count * dtype.widthInBytes());
            return;
        }
        switch (stored) {
            case BOOL, UINT8, INT8, INT16, INT32, INT64 -> decodeIntegers(base, offset, count, target, position);
            case FLOAT16, BFLOAT16, FLOAT32 -> decodeFloats(base, offset, count, target, position);
            case FLOAT64 -> decodeDoubles(base, offset, count, target, position);
        }
    }

    private void decodeIntegers(@Nullable Object base, long offset, int count, HostMemory target, int position) {
        ByteBuffer bytes = target.bytes();
        int from = stored.widthInBytes();
        int to = dtype.widthInBytes();
        for (int i = 0; i < count; i++) {
            Elements.putLong(integerAt(base, offset + (long) from * i), dtype, bytes, position + to * i);
        }
    }

    private void decodeFloats(@Nullable Object base, long offset, int count, HostMemory target, int position) {
        ByteBuffer bytes = target.bytes();
        int from = stored.widthInBytes();
        int to = dtype.widthInBytes();
        for (int i = 0; i < count; i++) {
            Elements.putFloat(floatAt(base, offset + (long) from * i), dtype, bytes, position + to * i);
        }
    }

    private void decodeDoubles(@Nullable Object base, long offset, int count, HostMemory target, int position) {
        ByteBuffer bytes = target.bytes();
        int to = dtype.widthInBytes();
        for (int i = 0; i < count; i++) {
            double value = Double.longBitsToDouble(longAt(base, offset + (long) Double.BYTES * i));
            Elements.putDouble(value, dtype, bytes, position + to * i);
        }
    }

    private long integerAt(@Nullable Object base, long offset) {
        return switch (stored) {
            case BOOL -> Platform.getByte(base, offset) == 0 ? 0 : 1;
            case UINT8 -> Platform.getByte(base, offset) & 0xff;
            case INT8 -> Platform.getByte(base, offset);
            case INT16 -> shortAt(base, offset);
            case INT32 -> intAt(base, offset);
            case INT64 -> longAt(base, offset);
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new IllegalStateException(stored + " is no integer");
        };
    }

    private float floatAt(@Nullable Object base, long offset) {
        if (stored == DType.FLOAT32) {
            return Float.intBitsToFloat(intAt(base, offset));
        }
        short bits = shortAt(base, offset);
        return stored == DType.FLOAT16 ? floatOfHalf(bits) : Float.intBitsToFloat(bits << 16);
    }

    private static short shortAt(@Nullable Object base, long offset) {
        short bits = Platform.getShort(base, offset);
        return IS_NATIVE ? bits : Short.reverseBytes(bits);
    }

    private static int intAt(@Nullable Object base, long offset) {
        int bits = Platform.getInt(base, offset);
        return IS_NATIVE ? bits : Integer.reverseBytes(bits);
    }

    private static long longAt(@Nullable Object base, long offset) {
        long bits = Platform.getLong(base, offset);
        return IS_NATIVE ? bits : Long.reverseBytes(bits);
    }

    /** The value of an IEEE 754 binary16, exactly; a NaN keeps its payload. */
    static float floatOfHalf(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude));
        }
        int rebased = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | rebased << 23 | fraction << 13);
    }
}
