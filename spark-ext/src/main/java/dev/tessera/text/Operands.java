package dev.tessera.text;

import dev.tessera.expr.Constant;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes parts of a text for what a place in it needs: tensors, numbers, dtypes; and counts the constants made. */
final class Operands {
    /** The most bytes of constants that one text makes. */
    private static final long MAX_CONSTANT_BYTES = 64L << 20;

    private static final Map<String, DType> PYTHON_DTYPES = Map.of(
            "float",
            DType.FLOAT64,
            "int",
            DType.INT64,
            "single",
            DType.FLOAT32,
            "double",
            DType.FLOAT64,
            "bool_",
            DType.BOOL);

    private final SourceText source;
    private long constantBytes;

    Operands(SourceText source) {
        this.source = source;
    }

    ExpressionException error(int at, String why) {
        return source.error(at, why);
    }

    /** Counts bytes of a constant that is about to be made. */
    void charge(long bytes, int at) {
        constantBytes += bytes;
        if (bytes < 0 || constantBytes < 0 || constantBytes > MAX_CONSTANT_BYTES) {
            throw error(
                    at,
                    "its constants take more than %d MiB; pass them as parameters".formatted(MAX_CONSTANT_BYTES >> 20));
        }
    }

    /** A tensor, a number, or a list of them as NumPy makes an array of it. */
    Tensor tensor(Argument argument, int at) {
        if (argument instanceof Argument.Value value) {
            return value.tensor();
        }
        if (argument instanceof Argument.Sequence sequence) {
            return array(sequence, at, 1);
        }
        throw error(at, "%s is no tensor".formatted(argument.noun()));
    }

    private Tensor array(Argument.Sequence sequence, int at, int rank) {
        if (rank > Shape.MAX_RANK) {
            throw error(at, "lists nest deeper than %d".formatted(Shape.MAX_RANK));
        }
        List<Tensor> elements = new ArrayList<>();
        for (Argument element : sequence.elements()) {
            elements.add(element instanceof Argument.Sequence inner ? array(inner, at, rank + 1) : tensor(element, at));
        }
        if (elements.isEmpty()) {
            return Tensors.constant(HostTensor.zeros(DType.FLOAT64, 0));
        }
        boolean isLiteral = elements.stream().allMatch(Constant.class::isInstance);
        return isLiteral ? literal(elements, at) : Tensors.stack(elements, 0);
    }

    private Tensor literal(List<Tensor> elements, int at) {
        Tensor first = elements.get(0);
        DType dtype = first.dtype();
        for (Tensor element : elements) {
            if (!element.shape().equals(first.shape())) {
                throw error(at, "the elements of a list have different shapes");
            }
            dtype = DType.promote(dtype, element.dtype());
        }
        long[] inner = first.shape().sizes();
        long[] sizes = new long[inner.length + 1];
        sizes[0] = elements.size();
        System.arraycopy(inner, 0, sizes, 1, inner.length);
        charge(HostTensor.sizeInBytes(dtype, sizes), at);
        HostTensor array = HostTensor.zeros(dtype, sizes);
        long next = 0;
        for (Tensor element : elements) {
            HostTensor value = ((Constant) element).value();
            for (long i = 0; i < value.elementCount(); i++, next++) {
                if (value.dtype().isFloating()) {
                    array.setDouble(next, value.doubleAt(i));
                } else {
                    array.setLong(next, value.longAt(i));
                }
            }
        }
        return Tensors.constant(array);
    }

    long integer(Argument argument, int at) {
        if (scalar(argument) instanceof Constant constant && constant.dtype().isInteger()) {
            return constant.value().longAt(0);
        }
        throw error(at, "an integer is needed here, not " + argument.noun());
    }

    double number(Argument argument, int at) {
        if (scalar(argument) instanceof Constant constant && constant.dtype() != DType.BOOL) {
            return constant.value().doubleAt(0);
        }
        throw error(at, "a number is needed here, not " + argument.noun());
    }

    boolean bool(Argument argument, int at) {
        if (scalar(argument) instanceof Constant constant && !constant.dtype().isFloating()) {
            return constant.value().longAt(0) != 0;
        }
        throw error(at, "True or False is needed here, not " + argument.noun());
    }

    private static @Nullable Tensor scalar(Argument argument) {
        boolean isScalar =
                argument instanceof Argument.Value value && value.tensor().rank() == 0;
        return isScalar ? ((Argument.Value) argument).tensor() : null;
    }

    DType dtype(Argument argument, int at) {
        if (argument instanceof Argument.Type type) {
            return type.dtype();
        }
        if (argument instanceof Argument.Text text) {
            DType dtype = dtypeOrNull(text.text());
            if (dtype != null) {
                return dtype;
            }
        }
        throw error(
                at,
                "a dtype is needed here, not %s; use bool, int32, int64, float32 or float64"
                        .formatted(argument.noun()));
    }

    /** The dtype of a name, or null if it names none that is computed with. */
    static @Nullable DType dtypeOrNull(String name) {
        for (DType dtype : DType.values()) {
            if (dtype.isComputable() && dtype.numpyName().equals(name)) {
                return dtype;
            }
        }
        return PYTHON_DTYPES.get(name);
    }
}
