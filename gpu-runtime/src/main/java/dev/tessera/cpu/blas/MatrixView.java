package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A matrix inside a buffer: row-major with {@code leadingDimension} elements from one row to the next, or the transpose
 * of such a matrix. Immutable; does not own the buffer.
 *
 * <p>Offsets count elements from byte 0 of the buffer, whose position, limit and byte order are ignored: elements are
 * always in native byte order. Data that does not start at a multiple of its element width is viewed by slicing the
 * buffer first.
 */
public final class MatrixView {
    private final ByteBuffer buffer;
    private final long offset;
    private final int rows;
    private final int columns;
    private final int leadingDimension;
    private final boolean transposed;

    private MatrixView(
            ByteBuffer buffer, long offset, int rows, int columns, int leadingDimension, boolean transposed) {
        this.buffer = buffer;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.leadingDimension = leadingDimension;
        this.transposed = transposed;
    }

    /** A dense row-major matrix. */
    public static MatrixView dense(ByteBuffer buffer, long offset, int rows, int columns) {
        return rowMajor(buffer, offset, rows, columns, Math.max(1, columns));
    }

    /**
     * A row-major matrix with gaps between its rows.
     *
     * @throws IllegalArgumentException if a size is negative or the leading dimension is less than the width
     */
    public static MatrixView rowMajor(ByteBuffer buffer, long offset, int rows, int columns, int leadingDimension) {
        Objects.requireNonNull(buffer);
        if (offset < 0 || rows < 0 || columns < 0 || leadingDimension < Math.max(1, columns)) {
            throw new IllegalArgumentException(
                    "Cannot view a %d x %d matrix at offset %d: the leading dimension %d must be at least the width"
                                    .formatted(rows, columns, offset, leadingDimension)
                            + " and no size negative");
        }
        return new MatrixView(buffer, offset, rows, columns, leadingDimension, false);
    }

    /** The same elements as the transposed matrix. */
    public MatrixView transpose() {
        return new MatrixView(buffer, offset, columns, rows, leadingDimension, !transposed);
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    public long offset() {
        return offset;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    /** The distance in elements from one stored row to the next. */
    public int leadingDimension() {
        return leadingDimension;
    }

    /** Whether the stored rows are this matrix's columns. */
    public boolean isTransposed() {
        return transposed;
    }

    public boolean isEmpty() {
        return rows == 0 || columns == 0;
    }

    int storedRows() {
        return transposed ? columns : rows;
    }

    int storedColumns() {
        return transposed ? rows : columns;
    }

    /** Whether the stored rows follow each other without gaps. */
    boolean isDense() {
        return leadingDimension == storedColumns() || storedRows() <= 1;
    }

    /** The number of elements from the first to past the last. */
    long extent() {
        return isEmpty() ? 0 : (storedRows() - 1L) * leadingDimension + storedColumns();
    }

    /** Fails unless the matrix and its shifted copies up to {@code shift} elements further lie within the buffer. */
    void requireWithinBuffer(DType dtype, long shift) {
        long end = Math.addExact(Math.addExact(offset, shift), extent());
        if (!isEmpty() && end > buffer.capacity() / dtype.widthInBytes()) {
            throw new IllegalArgumentException("Cannot view %s as %s: it ends at element %d of a buffer of %d bytes"
                    .formatted(this, dtype, end, buffer.capacity()));
        }
    }

    @Override
    public String toString() {
        return "%d x %d%s at %d, leading dimension %d"
                .formatted(rows, columns, transposed ? " (transposed)" : "", offset, leadingDimension);
    }
}
