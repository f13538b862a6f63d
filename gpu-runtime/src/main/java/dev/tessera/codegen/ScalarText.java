package dev.tessera.codegen;

import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;

/** Scalar functions, conversions and numbers as the prelude names them. */
final class ScalarText {
    private ScalarText() {}

    /** The function of the prelude, which is overloaded by dtype. */
    static String function(ScalarOp op) {
        return switch (op) {
            case NEGATIVE -> "op_negative";
            case ABS -> "op_abs";
            case SIGN -> "op_sign";
            case SQUARE -> "op_square";
            case RECIPROCAL -> "op_reciprocal";
            case FLOOR -> "op_floor";
            case CEIL -> "op_ceil";
            case ROUND -> "op_round";
            case EXP -> "op_exp";
            case EXPM1 -> "op_expm1";
            case LOG -> "op_log";
            case LOG1P -> "op_log1p";
            case LOG2 -> "op_log2";
            case SQRT -> "op_sqrt";
            case RSQRT -> "op_rsqrt";
            case SIN -> "op_sin";
            case COS -> "op_cos";
            case TAN -> "op_tan";
            case TANH -> "op_tanh";
            case SIGMOID -> "op_sigmoid";
            case SOFTPLUS -> "op_softplus";
            case RELU -> "op_relu";
            case GELU -> "op_gelu";
            case ERF -> "op_erf";
            case LOGICAL_NOT -> "op_logical_not";
            case IS_NAN -> "op_is_nan";
            case IS_FINITE -> "op_is_finite";
            case ADD -> "op_add";
            case SUBTRACT -> "op_subtract";
            case MULTIPLY -> "op_multiply";
            case DIVIDE -> "op_divide";
            case FLOOR_DIVIDE -> "op_floor_divide";
            case MOD -> "op_mod";
            case POWER -> "op_power";
            case MINIMUM -> "op_minimum";
            case MAXIMUM -> "op_maximum";
            case EQUAL -> "op_equal";
            case NOT_EQUAL -> "op_not_equal";
            case LESS -> "op_less";
            case LESS_EQUAL -> "op_less_equal";
            case GREATER -> "op_greater";
            case GREATER_EQUAL -> "op_greater_equal";
            case LOGICAL_AND -> "op_logical_and";
            case LOGICAL_OR -> "op_logical_or";
            case LOGICAL_XOR -> "op_logical_xor";
            case WHERE -> "op_where";
        };
    }

    static String conversion(DType to) {
        return "to_" + to.numpyName();
    }

    /** A number, bit for bit. */
    static String immediate(RowProgram.Immediate number) {
        return switch (number.dtype()) {
            case FLOAT32 -> "float32_of((int)0x%08xu)".formatted(Float.floatToRawIntBits((float) number.doubleValue()));
            case FLOAT64 -> "float64_of((int64)0x%016xull)".formatted(number.bits());
            case INT32 -> "(int)0x%08xu".formatted((int) number.bits());
            case INT64 -> "(int64)0x%016xull".formatted(number.bits());
            case BOOL -> "(boolean)%d".formatted(number.bits());
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalArgumentException("Cannot compute with %s on a device".formatted(number.dtype()));
        };
    }
}
