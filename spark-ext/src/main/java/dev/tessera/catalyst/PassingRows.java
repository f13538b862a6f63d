package dev.tessera.catalyst;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.unsafe.Platform;

/**
 * Copies of the columns that pass through a batch: Spark reuses the row it hands out. Each row is laid out as Spark lays
 * out a row of these columns alone, in one of several pages, so that none is copied again when more are needed. Used by
 * one thread.
 */
final class PassingRows {
    private static final int WORD = Long.BYTES;
    private static final int FIRST_PAGE_BYTES = 1 << 12;
    private static final int MAX_PAGE_BYTES = 1 << 20;
    private static final int MAX_ROW_BYTES = Integer.MAX_VALUE - 15;

    private final int[] ordinals;
    private final boolean[] isFixed;
    private final boolean isEveryFixed;
    private final int bitsBytes;
    private final int headerBytes;
    private final List<byte[]> pages = new ArrayList<>();
    private byte[][] pageOfRow = new byte[0][];
    private int[] starts = new int[0];
    private long heldBytes;
    private long fullBytes;
    private int page;
    private int end;
    private int rowCount;

    /** Keeps the columns at some ordinals; a fixed one is a word of its row, another a reference into it. */
    PassingRows(int[] ordinals, boolean[] isFixed) {
        this.ordinals = ordinals.clone();
        this.isFixed = isFixed.clone();
        boolean isEvery = true;
        for (boolean fixed : isFixed) {
            isEvery &= fixed;
        }
        this.isEveryFixed = isEvery;
        this.bitsBytes = UnsafeRow.calculateBitSetWidthInBytes(ordinals.length);
        this.headerBytes = bitsBytes + WORD * ordinals.length;
    }

    /** The bytes that the rows of this batch take. */
    long usedBytes() {
        return fullBytes + end;
    }

    void add(UnsafeRow row) {
        if (ordinals.length == 0) {
            return;
        }
        byte[] bytes = reserve(sizeOf(row));
        if (rowCount == starts.length) {
            int grown = Math.max(64, 2 * rowCount);
            starts = Arrays.copyOf(starts, grown);
            pageOfRow = Arrays.copyOf(pageOfRow, grown);
        }
        starts[rowCount] = end;
        pageOfRow[rowCount++] = bytes;
        end += copy(row, bytes, end);
    }

    private long sizeOf(UnsafeRow row) {
        long size = headerBytes;
        if (!isEveryFixed) {
            for (int i = 0; i < ordinals.length; i++) {
                if (!isFixed[i] && !row.isNullAt(ordinals[i])) {
                    size += aligned((int) row.getLong(ordinals[i]));
                }
            }
        }
        return size;
    }

    /** Copies the columns of a row to a position; gives the bytes that they take. */
    private int copy(UnsafeRow row, byte[] bytes, int start) {
        long fields = Platform.BYTE_ARRAY_OFFSET + (long) start + bitsBytes;
        Arrays.fill(bytes, start, start + bitsBytes, (byte) 0);
        int variable = headerBytes;
        for (int i = 0; i < ordinals.length; i++) {
            int ordinal = ordinals[i];
            if (row.isNullAt(ordinal)) {
                bytes[start + (i >> 3)] |= (byte) (1 << (i & 7));
                continue;
            }
            long word = row.getLong(ordinal);
            if (!isFixed[i]) {
                int length = (int) word;
                long from = row.getBaseOffset() + (word >> 32);
                long to = Platform.BYTE_ARRAY_OFFSET + (long) start + variable;
                Platform.copyMemory(row.getBaseObject(), from, bytes, to, length);
                word = ((long) variable << 32) | length;
                variable += aligned(length);
            }
            Platform.putLong(bytes, fields + (long) WORD * i, word);
        }
        return variable;
    }

    /** The page that has room for a row of {@code size} bytes at {@link #end}. */
    private byte[] reserve(long size) {
        if (size > MAX_ROW_BYTES) {
            throw new IllegalStateException("Cannot keep %d bytes of a row's columns".formatted(size));
        }
        while (page < pages.size()) {
            byte[] bytes = pages.get(page);
            if (bytes.length - end >= size) {
                return bytes;
            }
            fullBytes += end;
            end = 0;
            page++;
        }
        long usual = Math.min(MAX_PAGE_BYTES, Math.max(FIRST_PAGE_BYTES, 2 * heldBytes));
        byte[] bytes = new byte[(int) Math.max(size, usual)];
        pages.add(bytes);
        heldBytes += bytes.length;
        return bytes;
    }

    private static int aligned(int length) {
        return (length + WORD - 1) & -WORD;
    }

    /** Writes a kept column of a row as a field of the row being written. */
    void write(int row, int column, UnsafeRowWriter target, int field) {
        byte[] bytes = pageOfRow[row];
        int start = starts[row];
        if ((bytes[start + (column >> 3)] & (1 << (column & 7))) != 0) {
            target.setNullAt(field);
            return;
        }
        long at = Platform.BYTE_ARRAY_OFFSET + (long) start + bitsBytes + (long) WORD * column;
        long word = Platform.getLong(bytes, at);
        if (isFixed[column]) {
            target.write(field, word);
        } else {
            target.write(field, bytes, start + (int) (word >> 32), (int) word);
        }
    }

    /** Forgets the rows; gives up memory that is more than {@code most} bytes. */
    void clear(long most) {
        Arrays.fill(pageOfRow, 0, rowCount, null);
        page = 0;
        end = 0;
        fullBytes = 0;
        rowCount = 0;
        if (heldBytes > most) {
            pages.clear();
            heldBytes = 0;
        }
    }
}
