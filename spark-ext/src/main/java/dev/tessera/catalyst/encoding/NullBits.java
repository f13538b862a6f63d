package dev.tessera.catalyst.encoding;

import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** The null bits of Spark's unsafe arrays: one for each element, in whole 8-byte words after the element count. */
final class NullBits {
    /** Where the bits of an array begin, after its element count. */
    static final int ARRAY_OFFSET = 8;

    private NullBits() {}

    /** Whether one of the first {@code count} bits at an address is set. */
    static boolean anySet(@Nullable Object base, long offset, int count) {
        int words = (count + 63) >>> 6;
        for (int word = 0; word < words; word++) {
            if (Platform.getLong(base, offset + 8L * word) != 0) {
                return true;
            }
        }
        return false;
    }
}
