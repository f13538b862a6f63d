package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.TensorType;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * MLlib's Matrix read as a matrix in row-major order. It comes column-major unless it is transposed; sparse, its values
 * are those of one column after the other, of one row after the other if it is transposed.
 */
final class MatrixInput implements InputEncoding {
    private final TensorType type;
    private final DataType dataType;
    private final long[] knownSizes;

    /** {@code knownSizes} holds {@link ColumnDeclaration#UNKNOWN} where a row decides. */
    MatrixInput(TensorType type, DataType dataType, long[] knownSizes) {
        this.type = type;
        this.dataType = dataType;
        this.knownSizes = knownSizes.clone();
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public DataType dataType() {
        return dataType;
    }

    @Override
    public OutputFormat format() {
        return OutputFormat.MATRIX;
    }

    @Override
    public ColumnReader openReader() {
        return new Reader();
    }

    private final class Reader implements ColumnReader {
        private static final int KIND = 0;
        private static final int ROWS = 1;
        private static final int COLUMNS = 2;
        private static final int STARTS = 3;
        private static final int INDICES = 4;
        private static final int VALUES = 5;
        private static final int IS_TRANSPOSED = 6;

        private final UnsafeRow structView = new UnsafeRow(MllibType.MATRIX.fieldCount());
        private final UnsafeArrayData startsView = new UnsafeArrayData();
        private final UnsafeArrayData indicesView = new UnsafeArrayData();
        private final UnsafeArrayData valuesView = new UnsafeArrayData();
        private final ElementCopy copy = ElementCopy.ofArray(PrimitiveColumn.DOUBLE, type.dtype());
        private @Nullable ArrayData starts;
        private @Nullable ArrayData indices;
        private @Nullable ArrayData values;
        private int rows;
        private int columns;
        private boolean isTransposed;

        @Override
        public void locate(SpecializedGetters row, int ordinal, long[] sizes) {
            InternalRow struct = RowViews.structAt(row, ordinal, structView);
            rows = struct.getInt(ROWS);
            columns = struct.getInt(COLUMNS);
            isTransposed = struct.getBoolean(IS_TRANSPOSED);
            checkSize(0, rows);
            checkSize(1, columns);
            ArrayData stored = MllibFields.arrayAt(struct, VALUES, valuesView, type);
            values = stored;
            if (struct.getByte(KIND) == MllibType.SPARSE) {
                locateSparse(struct, stored.numElements());
            } else {
                starts = null;
                indices = null;
                if (stored.numElements() != (long) rows * columns) {
                    throw bad("%d by %d with %d values".formatted(rows, columns, stored.numElements()));
                }
            }
            sizes[0] = rows;
            sizes[1] = columns;
        }

        private void checkSize(int axis, int size) {
            if (size < 0 || (knownSizes[axis] != ColumnDeclaration.UNKNOWN && knownSizes[axis] != size)) {
                throw bad("%d by %d".formatted(rows, columns));
            }
        }

        private BadValueException bad(String found) {
            return new BadValueException("a matrix of " + found, type.toString());
        }

        private void locateSparse(InternalRow struct, int valueCount) {
            ArrayData lines = MllibFields.arrayAt(struct, STARTS, startsView, type);
            ArrayData inner = MllibFields.arrayAt(struct, INDICES, indicesView, type);
            MllibFields.checkIndices(inner, valueCount, isTransposed ? columns : rows, type);
            int lineCount = isTransposed ? rows : columns;
            boolean isOrdered = lines.numElements() == lineCount + 1L
                    && lines.getInt(0) == 0
                    && lines.getInt(lineCount) == valueCount;
            for (int line = 0; isOrdered && line < lineCount; line++) {
                isOrdered = lines.getInt(line) <= lines.getInt(line + 1);
            }
            if (!isOrdered) {
                throw bad("%d by %d with malformed pointers".formatted(rows, columns));
            }
            starts = lines;
            indices = inner;
        }

        @Override
        public void copyTo(HostMemory target, int position) {
            if (values == null) {
                throw new IllegalStateException("No value was located");
            }
            if (starts != null && indices != null) {
                copySparse(starts, indices, values, target, position);
            } else if (isTransposed) {
                copy.copy(values, rows * columns, target, position);
            } else {
                copyColumnMajor(values, target.bytes(), position);
            }
        }

        private void copyColumnMajor(ArrayData values, ByteBuffer target, int position) {
            DType dtype = type.dtype();
            int at = position;
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    Elements.putDouble(values.getDouble(column * rows + row), dtype, target, at);
                    at += dtype.widthInBytes();
                }
            }
        }

        private void copySparse(
                ArrayData starts, ArrayData indices, ArrayData values, HostMemory target, int position) {
            DType dtype = type.dtype();
            int width = dtype.widthInBytes();
            target.zero(position, rows * columns * width);
            int lineStride = (isTransposed ? columns : 1) * width;
            int indexStride = (isTransposed ? 1 : columns) * width;
            int lineCount = isTransposed ? rows : columns;
            for (int line = 0; line < lineCount; line++) {
                int start = position + line * lineStride;
                for (int i = starts.getInt(line); i < starts.getInt(line + 1); i++) {
                    int at = start + indices.getInt(i) * indexStride;
                    Elements.putDouble(values.getDouble(i), dtype, target.bytes(), at);
                }
            }
        }
    }
}
