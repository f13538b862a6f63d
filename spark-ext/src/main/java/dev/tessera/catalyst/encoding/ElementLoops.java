package dev.tessera.catalyst.encoding;

/** Conversions of the first {@code count} elements of one array into another: loops of the shape that C2 unrolls. */
final class ElementLoops {
    // Until JDK 19 C2 vectorises no conversion between widths, and a load is cheaper than a conversion.
    private static final float[] UNSIGNED_BYTES = new float[256];
    private static final float[] SIGNED_BYTES = new float[256];

    static {
        for (int bits = 0; bits < UNSIGNED_BYTES.length; bits++) {
            UNSIGNED_BYTES[bits] = bits;
            SIGNED_BYTES[bits] = (byte) bits;
        }
    }

    private ElementLoops() {}

    /** Any byte but 0 is true. */
    static void boolsToInts(byte[] from, int[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i] == 0 ? 0 : 1;
        }
    }

    static void unsignedBytesToInts(byte[] from, int[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i] & 0xff;
        }
    }

    static void bytesToInts(byte[] from, int[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i];
        }
    }

    static void unsignedBytesToFloats(byte[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = UNSIGNED_BYTES[from[i] & 0xff];
        }
    }

    static void bytesToFloats(byte[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = SIGNED_BYTES[from[i] & 0xff];
        }
    }

    static void shortsToInts(short[] from, int[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i];
        }
    }

    static void halvesToFloats(short[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = floatOfHalf(from[i]);
        }
    }

    static void brainFloatsToFloats(short[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = Float.intBitsToFloat(from[i] << 16);
        }
    }

    static void intsToBools(int[] from, byte[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (byte) from[i];
        }
    }

    static void intsToLongs(int[] from, long[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i];
        }
    }

    static void intsToFloats(int[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (float) from[i];
        }
    }

    static void intsToDoubles(int[] from, double[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i];
        }
    }

    /** Wraps to the lower 32 bits. */
    static void longsToInts(long[] from, int[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (int) from[i];
        }
    }

    static void longsToFloats(long[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (float) from[i];
        }
    }

    static void longsToDoubles(long[] from, double[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (double) from[i];
        }
    }

    static void floatsToDoubles(float[] from, double[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = from[i];
        }
    }

    static void doublesToFloats(double[] from, float[] to, int count) {
        for (int i = 0; i < count; i++) {
            to[i] = (float) from[i];
        }
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
