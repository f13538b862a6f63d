package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/** MLlib's Vector, dense or sparse, read as a tensor of its elements in row-major order. */
record VectorInput(TensorType type, DataType dataType, FlatSizes flatSizes) implements InputEncoding {
    @Override
    public OutputFormat format() {
        return OutputFormat.VECTOR;
    }

    @Override
    public ColumnReader openReader() {
        return new Reader();
    }

    private final class Reader implements ColumnReader {
        private static final int KIND = 0;
        private static final int SIZE = 1;
        private static final int INDICES = 2;
        private static final int VALUES = 3;

        private final UnsafeRow structView = new UnsafeRow(MllibType.VECTOR.fieldCount());
        private final UnsafeArrayData indicesView = new UnsafeArrayData();
        private final UnsafeArrayData valuesView = new UnsafeArrayData();
        private final ElementCopy copy = ElementCopy.ofArray(PrimitiveColumn.DOUBLE, type.dtype());
        private @Nullable ArrayData indices;
        private @Nullable ArrayData values;
        private int elementCount;

        @Override
        public void locate(SpecializedGetters row, int ordinal, long[] sizes) {
            InternalRow struct = RowViews.structAt(row, ordinal, structView);
            boolean isSparse = struct.getByte(KIND) == MllibType.SPARSE;
            ArrayData stored = MllibFields.arrayAt(struct, VALUES, valuesView, type);
            values = stored;
            indices = isSparse ? MllibFields.arrayAt(struct, INDICES, indicesView, type) : null;
            elementCount = isSparse ? struct.getInt(SIZE) : stored.numElements();
            flatSizes.resolve(elementCount, "a vector", sizes);
            if (indices != null) {
                MllibFields.checkIndices(indices, stored.numElements(), elementCount, type);
            }
        }

        @Override
        public void copyTo(HostMemory target, int position) {
            if (values == null) {
                throw new IllegalStateException("No value was located");
            }
            if (indices == null) {
                copy.copy(values, elementCount, target, position);
                return;
            }
            DType dtype = type.dtype();
            int width = dtype.widthInBytes();
            target.zero(position, elementCount * width);
            int stored = values.numElements();
            for (int i = 0; i < stored; i++) {
                Elements.putDouble(values.getDouble(i), dtype, target.bytes(), position + indices.getInt(i) * width);
            }
        }
    }
}
