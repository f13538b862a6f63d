package dev.tessera.catalyst;

import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.unsafe.Platform;

/**
 * Copies of the columns that pass through a batch, in one array: Spark reuses the row it hands out. Each row is laid out
 * as Spark lays out a row of these columns alone. Used by one thread.
 */
final class PassingRows {
    private static final int WORD = Long.BYTES;

    private final int[] ordinals;
    private final boolean[] isFixed;
    private final int headerBytes;
    private byte[] bytes = new byte[0];
    private int[] starts = new int[0];
    private int end;
    private int rowCount;

    /** Keeps the columns at some ordinals; a fixed one is a word of its row, another a reference into it. */
    PassingRows(int[] ordinals, boolean[] isFixed) {
        this.ordinals = ordinals.clone();
        this.isFixed = isFixed.clone();
        this.headerBytes = UnsafeRow.calculateBitSetWidthInBytes(ordinals.length) + WORD * ordinals.length;
    }

    /** The bytes that the rows of this batch take. */
    long usedBytes() {
        return end;
    }

    /** The bytes that are held, for rows of this batch and the next. */
    long heldBytes() {
        return bytes.length;
    }

    /** The bytes that a row would add. */
    long sizeOf(UnsafeRow row) {
        long size = headerBytes;
        for (int i = 0; i < ordinals.length; i++) {
            if (!isFixed[i] && !row.isNullAt(ordinals[i])) {
                size += aligned((int) row.getLong(ordinals[i]));
            }
        }
        return size;
    }

    void add(UnsafeRow row) {
        if (ordinals.length == 0) {
            return;
        }
        long size = sizeOf(row);
        reserve(size);
        if (rowCount == starts.length) {
            starts = java.util.Arrays.copyOf(starts, Math.max(64, 2 * rowCount));
        }
        starts[rowCount++] = end;
        java.util.Arrays.fill(bytes, end, end + headerBytes, (byte) 0);
        int bitsBytes = headerBytes - WORD * ordinals.length;
        int variable = headerBytes;
        for (int i = 0; i < ordinals.length; i++) {
            long field = Platform.BYTE_ARRAY_OFFSET + (long) end + bitsBytes + (long) WORD * i;
            if (row.isNullAt(ordinals[i])) {
                bytes[end + (i >> 3)] |= (byte) (1 << (i & 7));
            } else if (isFixed[i]) {
                Platform.putLong(bytes, field, row.getLong(ordinals[i]));
            } else {
                variable += copyVariable(row, ordinals[i], field, variable);
            }
        }
        end += (int) size;
    }

    private int copyVariable(UnsafeRow row, int ordinal, long field, int at) {
        long word = row.getLong(ordinal);
        int length = (int) word;
        Platform.putLong(bytes, field, ((long) at << 32) | length);
        Platform.copyMemory(
                row.getBaseObject(),
                row.getBaseOffset() + (word >> 32),
                bytes,
                Platform.BYTE_ARRAY_OFFSET + (long) end + at,
                length);
        return aligned(length);
    }

    private void reserve(long size) {
        long wanted = end + size;
        if (wanted > Integer.MAX_VALUE - 15) {
            throw new IllegalStateException("Cannot keep %d bytes of a batch's columns".formatted(wanted));
        }
        if (wanted > bytes.length) {
            long grown = Math.max(wanted, Math.min(2L * bytes.length, Integer.MAX_VALUE - 15));
            bytes = java.util.Arrays.copyOf(bytes, (int) Math.max(1 << 12, grown));
        }
    }

    private static int aligned(int length) {
        return (length + WORD - 1) & -WORD;
    }

    /** Writes a kept column of a row as a field of the row being written. */
    void write(int row, int column, UnsafeRowWriter target, int field) {
        int start = starts[row];
        if ((bytes[start + (column >> 3)] & (1 << (column & 7))) != 0) {
            target.setNullAt(field);
            return;
        }
        int bitsBytes = headerBytes - WORD * ordinals.length;
        long word =
                Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + (long) start + bitsBytes + (long) WORD * column);
        if (isFixed[column]) {
            target.write(field, word);
        } else {
            target.write(field, bytes, start + (int) (word >> 32), (int) word);
        }
    }

    /** Forgets the rows; gives up memory that is more than {@code most} bytes. */
    void clear(long most) {
        end = 0;
        rowCount = 0;
        if (bytes.length > most) {
            bytes = new byte[0];
        }
    }
}
