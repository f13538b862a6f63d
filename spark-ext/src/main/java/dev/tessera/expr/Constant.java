package dev.tessera.expr;

import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;

/**
 * A value fixed in the graph. A weak constant is a number written in an expression: a scalar that takes the dtype of what
 * it meets, as a Python number does in NumPy 2 (an int64, float64 or bool until then). Never modified after construction.
 */
public final class Constant extends Tensor {
    private final HostTensor value;
    private final boolean isWeak;

    Constant(HostTensor value, boolean isWeak) {
        super(value.type());
        this.value = value;
        this.isWeak = isWeak;
    }

    /** The value of a constant, refused if no expression can hold it. */
    static HostTensor checked(HostTensor value) {
        if (!value.dtype().isComputable() || value.rank() > Shape.MAX_RANK) {
            throw new TensorTypeException(
                    ("Cannot make a constant of %s: it takes bool, int32, int64, float32 or float64, "
                                    + "and at most %d axes; convert or reshape it")
                            .formatted(value, Shape.MAX_RANK));
        }
        return value;
    }

    public HostTensor value() {
        return value;
    }

    public boolean isWeak() {
        return isWeak;
    }

    /** As Python writes it if it is a scalar, else its type. */
    @Override
    public String toString() {
        if (rank() > 0) {
            return type().toString();
        }
        return switch (dtype()) {
            case BOOL -> value.longAt(0) != 0 ? "True" : "False";
            case FLOAT32 -> pythonText(Float.toString((float) value.doubleAt(0)));
            case FLOAT64 -> pythonText(Double.toString(value.doubleAt(0)));
            default -> Long.toString(value.longAt(0));
        };
    }

    private static String pythonText(String java) {
        return switch (java) {
            case "NaN" -> "nan";
            case "Infinity" -> "inf";
            case "-Infinity" -> "-inf";
            default -> java.replace('E', 'e');
        };
    }
}
