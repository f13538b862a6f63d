package dev.tessera.catalyst.encoding;

import dev.tessera.expr.TensorTypeException;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.TensorType;

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
        String declare = "declare the input as %s and cast it in the expression".formatted(stored.decoded());
        String remedy = isSameKind ? "compile the function with allowInputDowncast, or " + declare : declare;
        throw new TensorTypeException("Cannot read column %s as %s: %s would be narrowed to %s; %s"
                .formatted(source, wanted, stored, dtype, remedy));
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
