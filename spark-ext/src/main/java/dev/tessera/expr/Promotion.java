package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** NumPy's promotion: which dtype values meet in, and the casts and constants that bring them to it. */
final class Promotion {
    private Promotion() {}

    static boolean isWeak(Tensor x) {
        return x instanceof Constant constant && constant.isWeak();
    }

    /** The dtype that values meet in, weak constants giving way to the kind they meet. */
    static DType commonDType(List<? extends Tensor> values) {
        DType strong = null;
        boolean weakInteger = false;
        boolean weakFloating = false;
        for (Tensor value : values) {
            if (isWeak(value) && value.dtype() != DType.BOOL) {
                weakInteger |= value.dtype().isInteger();
                weakFloating |= value.dtype().isFloating();
            } else {
                strong = strong == null ? value.dtype() : DType.promote(strong, value.dtype());
            }
        }
        if (weakFloating && (strong == null || !strong.isFloating())) {
            return DType.FLOAT64;
        }
        if (weakInteger && (strong == null || strong == DType.BOOL)) {
            return DType.INT64;
        }
        if (strong == null) {
            throw new IllegalArgumentException("Cannot promote the dtypes of no values");
        }
        return strong;
    }

    /** The dtype that a function of these values computes in. */
    static DType computeDType(ScalarOp op, List<Tensor> values) {
        DType common = commonDType(values);
        return switch (op.rule()) {
            case ANY -> common;
            case PREDICATE -> isOutOfRange(common, values) ? DType.INT64 : common;
            case NUMBER -> common == DType.BOOL ? numberForBool(op, values) : common;
            case FLOATING -> common.isFloating() ? common : DType.FLOAT64;
            case LOGICAL -> DType.BOOL;
        };
    }

    // NumPy compares an int32 array with any Python int by value, where arithmetic would refuse it.
    private static boolean isOutOfRange(DType common, List<Tensor> values) {
        return common == DType.INT32 && values.stream().anyMatch(v -> isWeak(v) && (int) weakLong(v) != weakLong(v));
    }

    private static long weakLong(Tensor weak) {
        return ((Constant) weak).value().longAt(0);
    }

    /** What a numeric function computes in for bools: int32 where NumPy gives int8, float64 where it gives float16. */
    private static DType numberForBool(ScalarOp op, List<Tensor> values) {
        String remedy = switch (op) {
            case NEGATIVE -> "use logicalNot, or cast to int32";
            case SUBTRACT -> "use logicalXor, or cast to int32";
            case SIGN, RELU -> "cast to int32";
            default -> "";
        };
        if (!remedy.isEmpty()) {
            throw TypeErrors.of(new Op.Elementwise(op), values, "it is not defined on bool; " + remedy);
        }
        return op == ScalarOp.ROUND ? DType.FLOAT64 : DType.INT32;
    }

    /** {@code x} in another dtype: a weak constant at once, anything else by a cast if it has another. */
    static Tensor convert(Tensor x, DType dtype, @Nullable ScalarOp op) {
        if (!(x instanceof Constant constant && constant.isWeak())) {
            return x.dtype() == dtype ? x : Apply.of(new Op.Cast(dtype), x).output();
        }
        HostTensor value = constant.value();
        if (dtype == DType.INT32 && value.dtype() == DType.INT64 && (int) value.longAt(0) != value.longAt(0)) {
            throw new TensorTypeException(
                    "Cannot %s %s and an int32 tensor: the number is out of bounds for int32; cast the tensor to int64"
                            .formatted(op == null ? "combine" : OpSignature.verb(op), constant));
        }
        return new Constant(converted(value, dtype), false);
    }

    /** {@code x} as NumPy's {@code asarray} takes it: a weak constant becomes an int64, float64 or bool scalar. */
    static Tensor strong(Tensor x) {
        return isWeak(x) ? new Constant(((Constant) x).value(), false) : x;
    }

    static List<Tensor> strong(List<? extends Tensor> values) {
        return values.stream().map(Promotion::strong).toList();
    }

    /** {@code x} as float32 or float64: other dtypes become float64. */
    static Tensor floating(Tensor x) {
        return x.dtype().isFloating() ? strong(x) : convert(x, DType.FLOAT64, null);
    }

    /** Strong values in their common dtype. */
    static List<Tensor> unified(List<? extends Tensor> values) {
        List<Tensor> strong = strong(values);
        DType dtype = commonDType(strong);
        return strong.stream().map(x -> convert(x, dtype, null)).toList();
    }

    private static HostTensor converted(HostTensor scalar, DType dtype) {
        HostTensor converted = HostTensor.zeros(dtype);
        if (scalar.dtype().isFloating()) {
            converted.setDouble(0, scalar.doubleAt(0));
        } else if (dtype.isFloating()) {
            // Python rounds an int to float64 before float32.
            converted.setDouble(0, (double) scalar.longAt(0));
        } else {
            converted.setLong(0, scalar.longAt(0));
        }
        return converted;
    }
}
