package dev.tessera.catalyst.encoding;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;

/**
 * The bytes of a variable-length field as they are in every row of a batch, but for the elements: counts, null bits,
 * offsets, padding; and the places of the elements, in runs of equal length. Byte for byte what Spark itself writes,
 * because it compares and hashes such fields as bytes. Immutable.
 */
final class RowImage {
    private static final int WORD = 8;

    private final byte[] template;
    private final int sizeInBytes;
    private final int[] runStarts;
    private final int runLengthInBytes;

    private RowImage(byte[] template, int sizeInBytes, int[] runStarts, int runLengthInBytes) {
        this.template = template;
        this.sizeInBytes = sizeInBytes;
        this.runStarts = runStarts;
        this.runLengthInBytes = runLengthInBytes;
    }

    /** Nested arrays, an array of primitives if there is one size. */
    static RowImage ofArrays(long[] sizes, int elementWidth) {
        int sizeInBytes = checkedSize(arraysSizeInBytes(sizes, 0, elementWidth), sizes);
        long runs = 1;
        for (int axis = 0; axis < sizes.length - 1; axis++) {
            runs *= sizes[axis];
        }
        ArrayImage arrays = new ArrayImage(new byte[sizeInBytes], sizes, elementWidth, new int[(int) runs]);
        arrays.write(0, 0);
        long runLength = sizes[sizes.length - 1] * elementWidth;
        return new RowImage(arrays.template, sizeInBytes, arrays.runStarts, (int) runLength);
    }

    /** MLlib's dense vector. */
    static RowImage ofVector(long size) {
        return ofStruct(MllibType.VECTOR, new long[] {size}, 3, new int[] {1, 2});
    }

    /** MLlib's dense matrix, transposed, which is to say in row-major order. */
    static RowImage ofMatrix(long rows, long columns) {
        long[] sizes = {rows, columns};
        RowImage image = ofStruct(MllibType.MATRIX, sizes, 5, new int[] {3, 4});
        UnsafeRow struct = image.asStruct(MllibType.MATRIX.fieldCount());
        struct.setInt(1, (int) rows);
        struct.setInt(2, (int) columns);
        struct.setBoolean(6, true);
        return image;
    }

    /** Bare elements, as a binary field holds them. */
    static RowImage ofBytes(long[] sizes, int elementWidth) {
        long bytes = elementWidth;
        for (long size : sizes) {
            bytes = Math.multiplyExact(bytes, size);
        }
        int sizeInBytes = checkedSize(bytes, sizes);
        return new RowImage(new byte[checkedSize(padded(bytes), sizes)], sizeInBytes, new int[] {0}, sizeInBytes);
    }

    private static RowImage ofStruct(MllibType type, long[] sizes, int valuesField, int[] nullFields) {
        int fixedSize = UnsafeRow.calculateBitSetWidthInBytes(type.fieldCount()) + WORD * type.fieldCount();
        long count = 1;
        for (long size : sizes) {
            count = Math.multiplyExact(count, size);
        }
        RowImage values = ofArrays(new long[] {count}, Double.BYTES);
        byte[] template = new byte[checkedSize((long) fixedSize + values.sizeInBytes, sizes)];
        System.arraycopy(values.template, 0, template, fixedSize, values.sizeInBytes);
        int[] runStarts = {fixedSize + values.runStarts[0]};
        RowImage image = new RowImage(template, template.length, runStarts, values.runLengthInBytes);
        UnsafeRow struct = image.asStruct(type.fieldCount());
        struct.setByte(0, MllibType.DENSE);
        for (int field : nullFields) {
            struct.setNullAt(field);
        }
        struct.setLong(valuesField, (long) fixedSize << 32 | values.sizeInBytes);
        return image;
    }

    private UnsafeRow asStruct(int fieldCount) {
        UnsafeRow struct = new UnsafeRow(fieldCount);
        struct.pointTo(template, template.length);
        return struct;
    }

    private static long arraysSizeInBytes(long[] sizes, int axis, int elementWidth) {
        long header = headerInBytes(sizes[axis]);
        if (axis == sizes.length - 1) {
            return header + padded(Math.multiplyExact(sizes[axis], (long) elementWidth));
        }
        long inner = WORD + arraysSizeInBytes(sizes, axis + 1, elementWidth);
        return Math.addExact(header, Math.multiplyExact(sizes[axis], inner));
    }

    private static long headerInBytes(long count) {
        return WORD + (count + 63) / 64 * WORD;
    }

    private static long padded(long bytes) {
        return (bytes + WORD - 1) / WORD * WORD;
    }

    private static int checkedSize(long bytes, long[] sizes) {
        if (bytes > Integer.MAX_VALUE - 15L) {
            throw new IllegalArgumentException(
                    "Cannot write a value of shape %s: it takes %d bytes, and a field of a row at most %d"
                            .formatted(Arrays.toString(sizes), bytes, Integer.MAX_VALUE - 15L));
        }
        return (int) bytes;
    }

    /** The size of the field, without the padding that follows it in a row. */
    int sizeInBytes() {
        return sizeInBytes;
    }

    int paddedSizeInBytes() {
        return template.length;
    }

    int runCount() {
        return runStarts.length;
    }

    /** Where a run of elements begins in the image. */
    int runStart(int run) {
        return runStarts[run];
    }

    int runLengthInBytes() {
        return runLengthInBytes;
    }

    /** Writes all but the elements, over which it may write zeros, to an address. */
    void writeTo(byte[] target, long at) {
        int head = runStarts.length == 1 ? runStarts[0] : template.length;
        Platform.copyMemory(template, Platform.BYTE_ARRAY_OFFSET, target, at, head);
        if (head < template.length) {
            Platform.putLong(target, at + template.length - WORD, 0);
        }
    }

    /** Fills in the template of nested arrays. The depth of the recursion is the rank. */
    private static final class ArrayImage {
        private final byte[] template;
        private final long[] sizes;
        private final int elementWidth;
        private final int[] runStarts;
        private int runs;

        ArrayImage(byte[] template, long[] sizes, int elementWidth, int[] runStarts) {
            this.template = template;
            this.sizes = sizes;
            this.elementWidth = elementWidth;
            this.runStarts = runStarts;
        }

        /** Writes the array that begins at a position, and those in it. */
        void write(int axis, int position) {
            int count = (int) sizes[axis];
            Platform.putLong(template, Platform.BYTE_ARRAY_OFFSET + (long) position, count);
            int fields = position + UnsafeArrayData.calculateHeaderPortionInBytes(count);
            if (axis == sizes.length - 1) {
                runStarts[runs++] = fields;
                return;
            }
            int innerSize = (int) arraysSizeInBytes(sizes, axis + 1, elementWidth);
            int inner = fields + WORD * count;
            for (int i = 0; i < count; i++) {
                long offsetAndSize = (long) (inner - position) << 32 | innerSize;
                Platform.putLong(template, Platform.BYTE_ARRAY_OFFSET + (long) fields + (long) WORD * i, offsetAndSize);
                write(axis + 1, inner);
                inner += innerSize;
            }
        }
    }
}
