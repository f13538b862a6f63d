package dev.tessera.catalyst.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.unsafe.Platform;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs of every length around that of a block, from unaligned addresses, in every pair of dtypes that a column is read as. */
class ElementCopyTest {
    private static final int[] LENGTHS = {0, 1, 2, 31, 1023, 1024, 1025, 2049};
    private static final int MARGIN = 3;
    private static final byte UNTOUCHED = 0x5a;

    static Stream<Arguments> pairs() {
        return Arrays.stream(DType.values())
                .flatMap(stored -> Arrays.stream(DType.values())
                        .filter(DType::isComputable)
                        .filter(dtype -> isRead(stored, dtype))
                        .map(dtype -> Arguments.of(stored, dtype)));
    }

    private static boolean isRead(DType stored, DType dtype) {
        boolean isFloat = stored.decoded().isFloating();
        return stored == DType.BOOL || (isFloat ? dtype.isFloating() : dtype != DType.BOOL);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void valuesAreConvertedAsJavaCasts(DType stored, DType dtype) {
        for (int length : LENGTHS) {
            byte[] source = new byte[MARGIN + length * stored.widthInBytes()];
            new Random(length).nextBytes(source);
            ByteBuffer expected = ByteBuffer.allocate(2 * MARGIN + length * dtype.widthInBytes())
                    .order(ByteOrder.nativeOrder());
            ByteBuffer heap = ByteBuffer.allocate(expected.capacity());
            ByteBuffer direct = ByteBuffer.allocateDirect(expected.capacity());
            for (int i = 0; i < expected.capacity(); i++) {
                expected.put(i, UNTOUCHED);
                heap.put(i, UNTOUCHED);
                direct.put(i, UNTOUCHED);
            }
            ByteBuffer values = ByteBuffer.wrap(source).order(ByteOrder.nativeOrder());
            for (int i = 0; i < length; i++) {
                convertOne(values, MARGIN + i * stored.widthInBytes(), stored, expected, i, dtype);
            }
            ElementCopy copy = ElementCopy.ofBinary(stored, dtype);
            copy.copy(source, Platform.BYTE_ARRAY_OFFSET + MARGIN, length, HostMemory.of(heap), MARGIN);
            inRuns(copy, source, length, stored, HostMemory.of(direct));

            assertThat(heap).as("%d values at once", length).isEqualTo(expected);
            assertThat(direct).as("%d values in runs", length).isEqualTo(expected);
        }
    }

    /** Runs of 0, 1, 2, 3 … values. */
    private static void inRuns(ElementCopy copy, byte[] source, int length, DType stored, HostMemory target) {
        copy.start(target, MARGIN);
        int done = 0;
        for (int run = 0; done < length; run++) {
            int count = Math.min(run, length - done);
            copy.add(source, Platform.BYTE_ARRAY_OFFSET + MARGIN + (long) done * stored.widthInBytes(), count);
            done += count;
        }
        copy.finish();
    }

    private static void convertOne(ByteBuffer from, int at, DType stored, ByteBuffer to, int index, DType dtype) {
        int target = MARGIN + index * dtype.widthInBytes();
        switch (stored) {
            case BOOL -> putLong(from.get(at) == 0 ? 0 : 1, to, target, dtype);
            case UINT8 -> putLong(Byte.toUnsignedInt(from.get(at)), to, target, dtype);
            case INT8 -> putLong(from.get(at), to, target, dtype);
            case INT16 -> putLong(from.getShort(at), to, target, dtype);
            case INT32 -> putLong(from.getInt(at), to, target, dtype);
            case INT64 -> putLong(from.getLong(at), to, target, dtype);
            case FLOAT16 -> putFloat(ElementLoops.floatOfHalf(from.getShort(at)), to, target, dtype);
            case BFLOAT16 -> putFloat(Float.intBitsToFloat(from.getShort(at) << 16), to, target, dtype);
            case FLOAT32 -> putFloat(from.getFloat(at), to, target, dtype);
            case FLOAT64 -> {
                if (dtype == DType.FLOAT64) {
                    to.putLong(target, from.getLong(at));
                } else {
                    to.putFloat(target, (float) from.getDouble(at));
                }
            }
        }
    }

    private static void putLong(long value, ByteBuffer to, int at, DType dtype) {
        switch (dtype) {
            case BOOL -> to.put(at, (byte) value);
            case INT32 -> to.putInt(at, (int) value);
            case INT64 -> to.putLong(at, value);
            case FLOAT32 -> to.putFloat(at, (float) value);
            case FLOAT64 -> to.putDouble(at, (double) value);
            default -> throw new AssertionError(dtype);
        }
    }

    private static void putFloat(float value, ByteBuffer to, int at, DType dtype) {
        if (dtype == DType.FLOAT32) {
            to.putFloat(at, value);
        } else {
            to.putDouble(at, value);
        }
    }
}
