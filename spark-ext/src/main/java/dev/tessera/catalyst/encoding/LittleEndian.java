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
        ByteBuffer bytes = target.bytes();
        long from = offset;
        int at = position;
        for (int i = 0; i < count; i++) {
            decodeOne(base, from, bytes, at);
            from += stored.widthInBytes();
            at += dtype.widthInBytes();
        }
    }

    private void decodeOne(@Nullable Object base, long from, ByteBuffer target, int at) {
        switch (stored) {
            case BOOL -> Elements.putLong(Platform.getByte(base, from) == 0 ? 0 : 1, dtype, target, at);
            case UINT8 -> Elements.putLong(Platform.getByte(base, from) & 0xff, dtype, target, at);
            case INT8 -> Elements.putLong(Platform.getByte(base, from), dtype, target, at);
            case INT16 -> Elements.putLong(shortAt(base, from), dtype, target, at);
            case INT32 -> Elements.putLong(intAt(base, from), dtype, target, at);
            case INT64 -> Elements.putLong(longAt(base, from), dtype, target, at);
            case FLOAT16 -> Elements.putFloat(floatOfHalf(shortAt(base, from)), dtype, target, at);
            case BFLOAT16 -> Elements.putFloat(Float.intBitsToFloat(shortAt(base, from) << 16), dtype, target, at);
            case FLOAT32 -> Elements.putFloat(Float.intBitsToFloat(intAt(base, from)), dtype, target, at);
            case FLOAT64 -> Elements.putDouble(Double.longBitsToDouble(longAt(base, from)), dtype, target, at);
        }
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
