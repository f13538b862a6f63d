package dev.tessera.catalyst.encoding;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * How a column holds tensors: primitives in {@code depth} levels of arrays, an MLlib type, or binary; and the dtype of
 * the values as they are stored.
 */
record ColumnForm(
        DType stored,
        int depth,
        @Nullable PrimitiveColumn element,
        @Nullable MllibType mllibType) {

    /**
     * The form of a column.
     *
     * @throws TensorTypeException if it holds no tensors; the message shows the cast that makes them
     */
    static ColumnForm of(ColumnSource source, String wanted) {
        DataType type = source.dataType();
        Optional<MllibType> mllib = MllibType.of(type);
        if (mllib.isPresent()) {
            return new ColumnForm(DType.FLOAT64, 0, null, mllib.get());
        }
        if (type instanceof BinaryType) {
            return ofBinary(source, wanted);
        }
        int depth = 0;
        while (type instanceof ArrayType array) {
            type = array.elementType();
            depth++;
        }
        Optional<PrimitiveColumn> element = PrimitiveColumn.of(type);
        if (element.isEmpty()) {
            throw new TensorTypeException("Cannot read column %s as %s: %s"
                    .formatted(source, wanted, CastRemedy.of(source.name(), type, depth)));
        }
        return new ColumnForm(element.get().stored(), depth, element.get(), null);
    }

    private static ColumnForm ofBinary(ColumnSource source, String wanted) {
        ColumnDeclaration declaration = source.declaration();
        if (declaration == null) {
            throw new TensorTypeException(("Cannot read column %s as %s: its metadata declares no dtype and shape; "
                            + "declare them, as in tensor_column(%s, 'uint8[28, 28]')")
                    .formatted(source, wanted, source.name()));
        }
        return new ColumnForm(declaration.dtype(), 0, null, null);
    }

    /** Whether a value is one run of elements without a shape of its own. */
    boolean isFlat() {
        return isBinary() || depth == 1 || mllibType == MllibType.VECTOR;
    }

    boolean isBinary() {
        return element == null && mllibType == null;
    }

    /** The number of axes that the Spark type shows; of a run, one. */
    int rank() {
        if (mllibType != null) {
            return mllibType == MllibType.VECTOR ? 1 : 2;
        }
        return isBinary() ? 1 : depth;
    }
}
