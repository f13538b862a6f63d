package dev.tessera.codegen;

import dev.tessera.plan.ReduceOp;
import dev.tessera.tensor.DType;

/** How a reduction is begun, goes on and ends, in the words of the prelude. */
final class ReductionText {
    private final ReduceOp op;
    private final DType dtype;

    ReductionText(ReduceOp op, DType dtype) {
        this.op = op;
        this.dtype = dtype;
    }

    /** The type of the running result. Sums and products of float32 are carried in double. */
    String type() {
        return switch (op) {
            case SUM, MEAN, PROD -> dtype == DType.FLOAT32 ? "double" : KernelText.type(dtype);
            case MAX, MIN, SUPREMUM, ANY, ALL -> KernelText.type(dtype);
            case ARGMAX, ARGMIN -> "Found<%s>".formatted(KernelText.type(dtype));
        };
    }

    String identity() {
        return switch (op) {
            case SUM, MEAN, ANY -> "0";
            case PROD, ALL -> "1";
            case MAX, SUPREMUM -> least();
            case MIN -> greatest();
            case ARGMAX, ARGMIN -> "{0, -1}";
        };
    }

    private String least() {
        return switch (dtype) {
            case FLOAT32 -> "float32_of((int)0xff800000u)";
            case FLOAT64 -> "float64_of((int64)0xfff0000000000000ull)";
            case INT32 -> "(int)0x80000000u";
            case INT64 -> "(int64)0x8000000000000000ull";
            case BOOL -> "0";
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalArgumentException(dtype.toString());
        };
    }

    private String greatest() {
        return switch (dtype) {
            case FLOAT32 -> "float32_of(0x7f800000)";
            case FLOAT64 -> "float64_of(0x7ff0000000000000ll)";
            case INT32 -> "0x7fffffff";
            case INT64 -> "0x7fffffffffffffffll";
            case BOOL -> "1";
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalArgumentException(dtype.toString());
        };
    }

    /** An element, at a position, as a result of its own. */
    String element(String value, String position) {
        return switch (op) {
            case SUM, MEAN, PROD, MAX, MIN, SUPREMUM, ANY, ALL -> "(%s)%s".formatted(type(), value);
            case ARGMAX, ARGMIN -> "%s{%s, (int64)%s}".formatted(type(), value, position);
        };
    }

    String combined(String left, String right) {
        String function = switch (op) {
            case SUM, MEAN -> "op_add";
            case PROD -> "op_multiply";
            case MAX, SUPREMUM -> "op_maximum";
            case MIN -> "op_minimum";
            case ANY -> "op_logical_or";
            case ALL -> "op_logical_and";
            case ARGMAX -> "find_above";
            case ARGMIN -> "find_below";
        };
        return "%s(%s, %s)".formatted(function, left, right);
    }

    /** The value of the reduction. */
    String finished(String result, String length) {
        return switch (op) {
            case SUM, PROD -> "(%s)%s".formatted(KernelText.type(dtype), result);
            case MEAN -> "(%s)(%s / %s)".formatted(KernelText.type(dtype), result, length);
            case MAX, MIN, SUPREMUM, ANY, ALL -> result;
            case ARGMAX, ARGMIN -> result + ".position";
        };
    }
}
