package dev.tessera.text;

import dev.tessera.expr.Constant;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.expr.Tensors;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;

/** The scalar functions of the text language. */
final class ElementwiseFunctions {
    private ElementwiseFunctions() {}

    static void addTo(TextFunctions.Table table) {
        for (ScalarOp op : ScalarOp.values()) {
            addTo(table, op);
        }
        table.add("positive(x)", call -> positive(call.tensor("x")));
        table.add("round(a|x, decimals=)", ElementwiseFunctions::round, "around", "rint");
        table.add(
                "clip(a|x, a_min|min=, a_max|max=)",
                call -> Tensors.clip(call.tensor("a"), call.tensorOrNull("a_min"), call.tensorOrNull("a_max")));
        table.add("cast(x|a, dtype)", call -> Tensors.cast(call.tensor("x"), call.dtype("dtype")), "astype");
        table.add("array(object|a, dtype=)", ElementwiseFunctions::array, "asarray");
        table.add("bitwise_and(x, y)", call -> Tensors.bitwiseAnd(call.tensor("x"), call.tensor("y")));
        table.add("bitwise_or(x, y)", call -> Tensors.bitwiseOr(call.tensor("x"), call.tensor("y")));
        table.add("bitwise_xor(x, y)", call -> Tensors.bitwiseXor(call.tensor("x"), call.tensor("y")));
        table.add("bitwise_not(x)", call -> Tensors.bitwiseNot(call.tensor("x")), "invert", "bitwise_invert");
        for (DType dtype : DType.values()) {
            if (dtype.isComputable()) {
                table.add(dtype.numpyName() + "(x)", call -> Tensors.cast(call.tensor("x"), dtype));
            }
        }
    }

    private static void addTo(TextFunctions.Table table, ScalarOp op) {
        String[] others = switch (op) {
            case NEGATIVE -> new String[] {"neg"};
            case ABS -> new String[] {"absolute", "fabs"};
            case DIVIDE -> new String[] {"true_divide", "div"};
            case SUBTRACT -> new String[] {"sub"};
            case MULTIPLY -> new String[] {"mul"};
            case MOD -> new String[] {"remainder"};
            case POWER -> new String[] {"pow"};
            default -> new String[0];
        };
        String name = switch (op) {
            case IS_NAN -> "isnan";
            case IS_FINITE -> "isfinite";
            default -> op.toString();
        };
        switch (op.arity()) {
            case 1 -> table.add(name + "(x)", call -> Tensors.apply(op, strong(call.tensor("x"))), others);
            case 2 -> table.add(name + "(x, y)", call -> binary(op, call.tensor("x"), call.tensor("y")), others);
            default ->
                table.add(
                        name + "(condition, x, y)",
                        call -> Tensors.apply(op, call.tensor("condition"), call.tensor("x"), call.tensor("y")),
                        others);
        }
    }

    /** A function of numbers only gives an array, which does not take the dtype of what it meets. */
    private static Tensor binary(ScalarOp op, Tensor x, Tensor y) {
        boolean numbers = isWeak(x) && isWeak(y);
        return numbers ? Tensors.apply(op, strong(x), strong(y)) : Tensors.apply(op, x, y);
    }

    private static boolean isWeak(Tensor x) {
        return x instanceof Constant constant && constant.isWeak();
    }

    static Tensor strong(Tensor x) {
        return x instanceof Constant constant && constant.isWeak() ? Tensors.constant(constant.value()) : x;
    }

    static Tensor positive(Tensor x) {
        if (x.dtype() == DType.BOOL && !isWeak(x)) {
            throw new TensorTypeException(
                    "Cannot apply + to %s: it is not defined on bool; cast to int32".formatted(x.type()));
        }
        return x.dtype() == DType.BOOL ? x.mul(1) : x;
    }

    /** NumPy's: scaled, rounded to even, and scaled back. */
    private static Tensor round(Call call) {
        Tensor x = strong(call.tensor("a"));
        long decimals = call.integer("decimals", 0);
        if (Math.abs(decimals) > 300) {
            throw call.error("decimals", "is out of range");
        }
        if (decimals == 0 || (decimals > 0 && x.dtype().isInteger())) {
            return x.round();
        }
        Tensor scale = Tensors.weak(Math.pow(10, (double) Math.abs(decimals)));
        if (x.dtype().isInteger()) {
            Tensor scaled = x.div(scale).round();
            return scaled.mul(scale).cast(x.dtype());
        }
        return decimals > 0
                ? x.mul(scale).round().div(scale)
                : x.div(scale).round().mul(scale);
    }

    private static Tensor array(Call call) {
        Tensor x = strong(call.tensor("object"));
        return call.has("dtype") ? x.cast(call.dtype("dtype")) : x;
    }
}
