package dev.tessera.catalyst.encoding;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;

/** Finds the encoding of a column as an input, and of an output as a column. */
public final class ColumnEncodings {
    private ColumnEncodings() {}

    /**
     * The tensor type that a column has by itself: from its metadata where that declares one, else from its Spark type,
     * each unknown dim named after {@code name} and its axis.
     *
     * @throws TensorTypeException if it is not a column of tensors; the message shows the remedy
     */
    public static TensorType typeOf(String name, ColumnSource source) {
        ColumnDeclaration declaration = source.declaration();
        if (declaration != null) {
            return declaredType(name, declaration);
        }
        Optional<PrimitiveColumn> scalar = PrimitiveColumn.of(source.dataType());
        if (scalar.isPresent()) {
            return TensorType.scalar(scalar.get().dtype());
        }
        PrimitiveColumn element = elementOf(source.dataType()).orElseThrow(() -> unreadable(source, "a tensor"));
        return new TensorType(element.dtype(), new Shape(List.of(Dim.named(name + "_0"))));
    }

    private static TensorType declaredType(String name, ColumnDeclaration declaration) {
        List<Dim> dims = new ArrayList<>();
        for (long size : declaration.sizes()) {
            dims.add(size == ColumnDeclaration.UNKNOWN ? Dim.named(name + "_" + dims.size()) : Dim.of(size));
        }
        return new TensorType(declaration.dtype().decoded(), new Shape(dims));
    }

    /**
     * How the column is read as an input of type {@code wanted}.
     *
     * @throws TensorTypeException if it cannot be; the message names the column, both types and the remedy
     */
    public static InputEncoding input(ColumnSource source, TensorType wanted, boolean allowInputDowncast) {
        Optional<PrimitiveColumn> scalar = PrimitiveColumn.of(source.dataType());
        if (scalar.isPresent() && wanted.rank() == 0) {
            checkDType(source, scalar.get().dtype(), wanted, allowInputDowncast);
            return new ScalarInput(wanted, scalar.get());
        }
        Optional<PrimitiveColumn> element = elementOf(source.dataType());
        long unknownDims =
                wanted.shape().dims().stream().filter(dim -> !dim.isKnown()).count();
        if (element.isPresent() && wanted.rank() >= 1 && unknownDims <= 1) {
            checkDType(source, element.get().dtype(), wanted, allowInputDowncast);
            checkDeclaredSizes(source, wanted);
            return new FlatArrayInput(wanted, element.get());
        }
        throw unreadable(source, wanted.toString());
    }

    private static Optional<PrimitiveColumn> elementOf(DataType type) {
        return type instanceof ArrayType array ? PrimitiveColumn.of(array.elementType()) : Optional.empty();
    }

    private static void checkDType(ColumnSource source, DType found, TensorType wanted, boolean allowInputDowncast) {
        DType dtype = wanted.dtype();
        boolean isSameKind = dtype != DType.BOOL && (dtype.isFloating() || !found.isFloating());
        if (!dtype.canHold(found) && !(allowInputDowncast && isSameKind)) {
            String remedy = isSameKind
                    ? "compile the function with allowInputDowncast, or cast the column"
                    : "cast the column to %s first"
                            .formatted(PrimitiveColumn.dataTypeOf(dtype).catalogString());
            throw new TensorTypeException("Cannot read column %s as %s: %s would be narrowed to %s; %s"
                    .formatted(source, wanted, found, dtype, remedy));
        }
    }

    private static void checkDeclaredSizes(ColumnSource source, TensorType wanted) {
        ColumnDeclaration declaration = source.declaration();
        if (declaration == null) {
            return;
        }
        boolean fits = declaration.sizes().size() == wanted.rank();
        for (int axis = 0; fits && axis < wanted.rank(); axis++) {
            long size = declaration.sizes().get(axis);
            Dim dim = wanted.shape().dim(axis);
            fits = size == ColumnDeclaration.UNKNOWN || !dim.isKnown() || dim.isKnown(size);
        }
        if (!fits) {
            throw new TensorTypeException("Cannot read column %s as %s: the shapes differ".formatted(source, wanted));
        }
    }

    private static TensorTypeException unreadable(ColumnSource source, String wanted) {
        return new TensorTypeException(
                "Cannot read column %s as %s: use a numeric or boolean column for a scalar, array<T> for a vector"
                        .formatted(source, wanted));
    }

    /**
     * How an output of type {@code type} is written.
     *
     * @throws TensorTypeException if it has no such form
     */
    public static OutputEncoding output(TensorType type, OutputFormat format) {
        if (type.rank() == 0) {
            return new ScalarOutput(type.dtype());
        }
        if (type.rank() == 1 || format == OutputFormat.FLAT) {
            return new FlatArrayOutput(type.dtype());
        }
        throw new TensorTypeException("Cannot write %s as a %s column".formatted(type, format));
    }
}
