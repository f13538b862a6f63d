package dev.tessera.catalyst.encoding;

import java.nio.ByteOrder;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** The byte order of binary columns, on machines of either. */
final class LittleEndian {
    static final boolean IS_NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private LittleEndian() {}

    /** A copy of {@code count} values that Platform finds at an address, the bytes of each reversed. */
    static byte[] reversed(@Nullable Object base, long offset, int count, int width) {
        byte[] reversed = new byte[count * width];
        for (int at = 0; at < reversed.length; at += width) {
            for (int i = 0; i < width; i++) {
                reversed[at + i] = Platform.getByte(base, offset + at + width - 1 - i);
            }
        }
        return reversed;
    }
}
