package dev.tessera.catalyst.encoding;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** An input is never narrowed, unless its function was compiled to allow that; and never from floats to integers. */
final class NarrowingRule {
    private NarrowingRule() {}

    /**
     * Checks that values stored as {@code stored} may be read as {@code wanted}.
     *
     * @throws TensorTypeException if they may not; the message names both dtypes and the remedy
     */
    static void check(ColumnSource source, DType stored, TensorType wanted, boolean allowInputDowncast) {
        DType dtype = wanted.dtype();
        if (holds(dtype, stored)) {
            return;
        }
        boolean isSameKind =
                dtype != DType.BOOL && (dtype.isFloating() || !stored.decoded().isFloating());
        if (isSameKind && allowInputDowncast) {
            return;
        }
        String cast = castOf(source, dtype);
        String remedy = isSameKind ? "compile the function with allowInputDowncast, or " + cast : cast;
        throw new TensorTypeException("Cannot read column %s as %s: %s would be narrowed to %s; %s"
                .formatted(source, wanted, stored, dtype, remedy));
    }

    /** Where Spark has a cast of the whole column its SQL, else what to do in the expression. */
    private static String castOf(ColumnSource source, DType dtype) {
        DataType cast = PrimitiveColumn.dataTypeOf(dtype);
        DataType type = source.dataType();
        while (type instanceof ArrayType array) {
            type = array.elementType();
            cast = DataTypes.createArrayType(cast);
        }
        return PrimitiveColumn.of(type).isPresent()
                ? "write cast(%s as %s)".formatted(source.name(), cast.catalogString())
                : "declare the input with the column's dtype and cast it in the expression";
    }

    /** Whether every value of a stored dtype is a value of a computable one. */
    private static boolean holds(DType dtype, DType stored) {
        return switch (stored) {
            case UINT8, INT8, INT16 -> dtype != DType.BOOL;
            case FLOAT16, BFLOAT16 -> dtype.isFloating();
            case BOOL, INT32, INT64, FLOAT32, FLOAT64 -> dtype.canHold(stored);
        };
    }
}
