package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** What a reader made of a value: its sizes, and its bytes in a batch. */
record Reading(List<Long> sizes, String bytes) {
    private static final int MARGIN = 8;
    private static final byte UNTOUCHED = 0x5a;

    /** What a reader should make of a value, when it is wanted as {@code wanted}. */
    static Reading of(HostTensor expected, TensorType wanted) {
        List<Long> sizes = new ArrayList<>();
        for (int axis = 0; axis < expected.rank(); axis++) {
            boolean isHidden = expected.elementCount() == 0 && isBelowEmpty(expected, axis);
            sizes.add(isHidden && !wanted.shape().dim(axis).isKnown() ? 0 : expected.size(axis));
        }
        return new Reading(sizes, HexFormat.of().formatHex(expected.toLittleEndianBytes()));
    }

    private static boolean isBelowEmpty(HostTensor tensor, int axis) {
        for (int above = 0; above < axis; above++) {
            if (tensor.size(above) == 0) {
                return true;
            }
        }
        return false;
    }

    /** Reads the value of a row into heap and direct memory, alike in both, nothing beside its place touched. */
    static Reading read(InputEncoding encoding, InternalRow row) {
        ColumnReader reader = encoding.openReader();
        Reading first = read(reader, encoding.type(), row, false);
        Reading second = read(reader, encoding.type(), row, true);
        if (!first.equals(second)) {
            throw new AssertionError("heap and direct memory differ: %s, %s".formatted(first, second));
        }
        return first;
    }

    private static Reading read(ColumnReader reader, TensorType type, InternalRow row, boolean isDirect) {
        long[] sizes = new long[type.rank()];
        reader.locate(row, CatalystValues.ORDINAL, sizes);
        int length = (int) HostTensor.sizeInBytes(type.dtype(), sizes);
        int capacity = length + 2 * MARGIN;
        ByteBuffer buffer = isDirect ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity);
        for (int i = 0; i < capacity; i++) {
            buffer.put(i, UNTOUCHED);
        }
        reader.copyTo(HostMemory.of(buffer), MARGIN);
        for (int i = 0; i < MARGIN; i++) {
            if (buffer.get(i) != UNTOUCHED || buffer.get(MARGIN + length + i) != UNTOUCHED) {
                throw new AssertionError("bytes beside the value were written");
            }
        }
        byte[] bytes = new byte[length];
        buffer.get(MARGIN, bytes);
        List<Long> boxed = new ArrayList<>();
        for (long size : sizes) {
            boxed.add(size);
        }
        return new Reading(boxed, HexFormat.of().formatHex(bytes));
    }
}
