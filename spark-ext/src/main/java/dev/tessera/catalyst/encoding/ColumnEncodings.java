package dev.tessera.catalyst.encoding;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Finds the encoding of a column as an input, and of an output as a column. */
public final class ColumnEncodings {
    private ColumnEncodings() {}

    /**
     * The tensor type that a column has by itself: from its Spark type and, where its metadata declares them, its sizes;
     * each unknown dim named after {@code name} and its axis.
     *
     * @throws TensorTypeException if it is not a column of tensors; the message shows the remedy
     */
    public static TensorType typeOf(String name, ColumnSource source) {
        ColumnForm form = ColumnForm.of(source, "a tensor");
        checkDeclaration(source, form);
        ColumnDeclaration declaration = source.declaration();
        int rank = declaration == null ? form.rank() : declaration.sizes().size();
        if (rank > Shape.MAX_RANK) {
            throw new TensorTypeException("Cannot read column %s as a tensor: it has %d axes, at most %d"
                    .formatted(source, rank, Shape.MAX_RANK));
        }
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            long size = declaration == null
                    ? ColumnDeclaration.UNKNOWN
                    : declaration.sizes().get(axis);
            dims.add(size == ColumnDeclaration.UNKNOWN ? Dim.named(name + "_" + axis) : Dim.of(size));
        }
        return new TensorType(form.stored().decoded(), new Shape(dims));
    }

    /** Checks that what the metadata declares can be what the column holds. */
    private static void checkDeclaration(ColumnSource source, ColumnForm form) {
        ColumnDeclaration declaration = source.declaration();
        if (declaration == null) {
            return;
        }
        int declaredRank = declaration.sizes().size();
        boolean isRank = form.isFlat() ? declaredRank > 0 || form.isBinary() : declaredRank == form.rank();
        // MLlib holds float64 whatever the dtype of the output was that it came from.
        boolean isDType = form.mllibType() != null
                || declaration.dtype().decoded() == form.stored().decoded();
        if (!isRank || !isDType) {
            throw new TensorTypeException(
                    "Cannot read column %s: its metadata does not describe its type; declare it again, as %s in %d axes"
                            .formatted(source, form.stored().decoded(), form.rank()));
        }
    }

    /**
     * How the column is read as an input of type {@code wanted}.
     *
     * @throws TensorTypeException if it cannot be; the message names the column, both types and the remedy
     */
    public static InputEncoding input(ColumnSource source, TensorType wanted, boolean allowInputDowncast) {
        ColumnForm form = ColumnForm.of(source, wanted.toString());
        checkDeclaration(source, form);
        checkRank(source, form, wanted);
        checkDeclaredSizes(source, wanted);
        NarrowingRule.check(source, form.stored(), wanted, allowInputDowncast);
        if (form.isFlat()) {
            return flatInput(source, form, wanted);
        }
        long[] knownSizes = ColumnDeclaration.knownSizes(wanted, source.declaredSizes());
        PrimitiveColumn element = form.element();
        if (element == null) {
            return new MatrixInput(wanted, source.dataType(), knownSizes);
        }
        return form.depth() == 0
                ? new ScalarInput(wanted, source.dataType(), element)
                : new NestedArrayInput(wanted, source.dataType(), element, knownSizes);
    }

    private static void checkRank(ColumnSource source, ColumnForm form, TensorType wanted) {
        boolean fits = form.isFlat() ? wanted.rank() > 0 || form.isBinary() : wanted.rank() == form.rank();
        if (!fits) {
            throw new TensorTypeException(("Cannot read column %s as %s: the column has %d axes and the input %d; "
                            + "declare the input with the column's rank, and reshape it in the expression")
                    .formatted(source, wanted, form.rank(), wanted.rank()));
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
            throw new TensorTypeException(
                    "Cannot read column %s as %s: the shapes differ; reshape it in the expression, or declare it again"
                            .formatted(source, wanted));
        }
    }

    private static InputEncoding flatInput(ColumnSource source, ColumnForm form, TensorType wanted) {
        FlatSizes sizes = FlatSizes.of(wanted, source.declaredSizes())
                .orElseThrow(() -> new TensorTypeException(
                        ("Cannot read column %s as %s: its values carry no shape, and more than one size is unknown; "
                                        + "declare the sizes")
                                .formatted(source, wanted)));
        PrimitiveColumn element = form.element();
        if (element != null) {
            return new FlatArrayInput(wanted, source.dataType(), element, sizes);
        }
        return form.isBinary()
                ? new BinaryInput(wanted, form.stored(), sizes)
                : new VectorInput(wanted, source.dataType(), sizes);
    }

    /**
     * How an output of type {@code type} is written, beside these inputs.
     *
     * @throws TensorTypeException if it has no such form, or spark-mllib is needed and not on the class path
     */
    public static OutputEncoding output(TensorType type, OutputFormat asked, List<InputEncoding> inputs) {
        OutputFormat format = asked == OutputFormat.LIKE_INPUT ? likeFirst(inputs, type) : asked;
        if (format == OutputFormat.BINARY) {
            return new BinaryOutput(type.dtype());
        }
        if (type.rank() == 0) {
            return new ScalarOutput(type.dtype());
        }
        return switch (format) {
            case FLAT -> new ArrayOutput(type.dtype(), 1);
            case VECTOR -> mllibOutput(MllibType.VECTOR, type, inputs);
            case MATRIX -> mllibOutput(MllibType.MATRIX, type, inputs);
            case LIKE_INPUT, NESTED, BINARY -> new ArrayOutput(type.dtype(), type.rank());
        };
    }

    private static OutputFormat likeFirst(List<InputEncoding> inputs, TensorType output) {
        for (InputEncoding input : inputs) {
            OutputFormat format = input.format();
            if (format != OutputFormat.LIKE_INPUT) {
                return like(format, output);
            }
        }
        return OutputFormat.NESTED;
    }

    private static OutputFormat like(OutputFormat input, TensorType output) {
        return switch (input) {
            case LIKE_INPUT, NESTED -> OutputFormat.NESTED;
            case FLAT, BINARY -> output.rank() == 0 ? OutputFormat.NESTED : OutputFormat.FLAT;
            case VECTOR, MATRIX -> {
                if (!output.dtype().isFloating() || output.rank() > 2) {
                    yield OutputFormat.NESTED;
                }
                yield output.rank() == 2 ? OutputFormat.MATRIX : OutputFormat.VECTOR;
            }
        };
    }

    private static OutputEncoding mllibOutput(MllibType mllibType, TensorType type, List<InputEncoding> inputs) {
        int rank = mllibType == MllibType.VECTOR ? 1 : 2;
        if (type.rank() != rank || !DType.FLOAT64.canHold(type.dtype()) || type.dtype() == DType.INT64) {
            throw new TensorTypeException(
                    "Cannot write %s as an MLlib %s: that holds float64 in %d axes; reshape or cast in the expression"
                            .formatted(type, mllibType, rank));
        }
        for (InputEncoding input : inputs) {
            if (MllibType.of(input.dataType()).isPresent()) {
                return new MllibOutput(mllibType, mllibType.dataType(input.dataType()));
            }
        }
        return new MllibOutput(mllibType, mllibType.dataType(null));
    }
}
