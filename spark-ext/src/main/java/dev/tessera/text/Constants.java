package dev.tessera.text;

import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that stand for numbers, dtypes and None. */
final class Constants {
    private static final Set<String> NAMES = Set.of(
            "True", "False", "None", "newaxis", "inf", "nan", "pi", "e", "bool", "int32", "int64", "float32",
            "float64");

    private Constants() {}

    static Set<String> names() {
        return NAMES;
    }

    /** What a name stands for, or null if it is no constant. */
    static @Nullable Argument find(String name) {
        DType dtype = Operands.dtypeOrNull(name);
        if (dtype != null) {
            return new Argument.Type(dtype);
        }
        return switch (name) {
            case "True" -> new Argument.Value(Tensors.weak(true));
            case "False" -> new Argument.Value(Tensors.weak(false));
            case "None", "newaxis" -> new Argument.None();
            case "inf" -> new Argument.Value(Tensors.weak(Double.POSITIVE_INFINITY));
            case "nan" -> new Argument.Value(Tensors.weak(Double.NaN));
            case "pi" -> new Argument.Value(Tensors.weak(Math.PI));
            case "e" -> new Argument.Value(Tensors.weak(Math.E));
            default -> null;
        };
    }
}
