package dev.tessera.catalyst.sql;

import dev.tessera.catalyst.encoding.BadValueException;
import dev.tessera.catalyst.encoding.ColumnEncodings;
import dev.tessera.catalyst.encoding.ColumnReader;
import dev.tessera.catalyst.encoding.ColumnSource;
import dev.tessera.catalyst.encoding.HostMemory;
import dev.tessera.catalyst.encoding.InputEncoding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** The values of arguments that are the same for every row. */
final class Literals {
    private Literals() {}

    /** The string that {@code argument} is; {@code what} names it in the message if it is none. */
    static String text(Expression argument, String what) {
        if (argument.foldable() && argument.eval(null) instanceof UTF8String text) {
            return text.toString();
        }
        throw new IllegalArgumentException("Cannot read %s: %s is no string literal".formatted(what, argument.sql()));
    }

    /**
     * The tensor that a foldable expression is: an int is an int32 scalar, a decimal a float64 scalar, an array of either
     * a vector.
     *
     * @throws IllegalArgumentException if it is none
     */
    static HostTensor tensor(ColumnSource source, Expression literal) {
        Object value = withoutDecimals(literal.eval(null), source.dataType());
        if (value == null) {
            throw new IllegalArgumentException(
                    "Cannot read constant %s: it is null; write a value".formatted(source.name()));
        }
        ColumnSource read = new ColumnSource(source.name(), withoutDecimals(source.dataType()), source.declaration());
        TensorType type = ColumnEncodings.typeOf(source.name(), read);
        InputEncoding encoding = ColumnEncodings.input(read, type, false);
        ColumnReader reader = encoding.openReader();
        long[] sizes = new long[type.rank()];
        try {
            reader.locate(new GenericInternalRow(new Object[] {value}), 0, sizes);
        } catch (BadValueException e) {
            throw new IllegalArgumentException(
                    "Cannot read constant %s: %s".formatted(source.name(), e.getMessage()), e);
        }
        HostTensor tensor = HostTensor.zeros(type.dtype(), sizes);
        reader.copyTo(HostMemory.of(tensor.storage()), 0);
        return tensor;
    }

    private static DataType withoutDecimals(DataType type) {
        if (type instanceof ArrayType array) {
            return DataTypes.createArrayType(withoutDecimals(array.elementType()), array.containsNull());
        }
        return type instanceof DecimalType ? DataTypes.DoubleType : type;
    }

    private static @Nullable Object withoutDecimals(@Nullable Object value, DataType type) {
        if (value instanceof Decimal decimal) {
            return decimal.toDouble();
        }
        if (value instanceof ArrayData array && type instanceof ArrayType arrayType) {
            DataType elementType = arrayType.elementType();
            @Nullable Object[] elements = new @Nullable Object[array.numElements()];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = withoutDecimals(array.isNullAt(i) ? null : array.get(i, elementType), elementType);
            }
            return new GenericArrayData(elements);
        }
        return value;
    }
}
