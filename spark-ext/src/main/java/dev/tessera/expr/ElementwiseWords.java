package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scalar functions of arguments of any dtypes that broadcast, with what NumPy does in special cases of them. */
final class ElementwiseWords {
    private ElementwiseWords() {}

    static Tensor apply(ScalarOp op, List<Tensor> arguments) {
        if (arguments.size() != op.arity()) {
            throw new TensorTypeException(
                    "Cannot apply %s: it takes %d arguments, not %d".formatted(op, op.arity(), arguments.size()));
        }
        if (PythonNumbers.isOperator(op) && arguments.stream().allMatch(Promotion::isWeak)) {
            return PythonNumbers.compute(
                    op, arguments.stream().map(Constant.class::cast).toList());
        }
        Tensor first = arguments.get(0);
        boolean roundsBool = (op == ScalarOp.FLOOR || op == ScalarOp.CEIL) && first.dtype() == DType.BOOL;
        if (roundsBool) {
            return Promotion.strong(first);
        }
        if (op == ScalarOp.RECIPROCAL && !first.dtype().isFloating()) {
            // NumPy's reciprocal of integers is an integer; the power -1 is defined to be that.
            return build(ScalarOp.POWER, List.of(Promotion.strong(first), PythonNumbers.weak(-1)));
        }
        return op == ScalarOp.POWER ? power(arguments) : build(op, arguments);
    }

    private static Tensor build(ScalarOp op, List<Tensor> arguments) {
        Broadcasting.check(new Op.Elementwise(op), arguments);
        boolean where = op == ScalarOp.WHERE;
        List<Tensor> values = where ? arguments.subList(1, 3) : arguments;
        DType dtype = Promotion.computeDType(op, values);
        List<Tensor> inputs = new ArrayList<>();
        if (where) {
            inputs.add(Promotion.convert(arguments.get(0), DType.BOOL, op));
        }
        for (Tensor value : values) {
            inputs.add(Promotion.convert(value, dtype, op));
        }
        return Apply.of(new Op.Elementwise(op), inputs).output();
    }

    // NumPy computes these exponents, given as one number, by other functions: (-inf) ** 0.5 is NaN, not inf.
    private static Tensor power(List<Tensor> arguments) {
        Tensor base = arguments.get(0);
        Tensor exponent = arguments.get(1);
        DType dtype = Promotion.commonDType(arguments);
        if (!(exponent instanceof Constant constant)) {
            return build(ScalarOp.POWER, arguments);
        }
        if (!dtype.isFloating()) {
            refuseNegative(base, constant);
            return build(ScalarOp.POWER, arguments);
        }
        double value = exponent.rank() == 0 ? constant.value().doubleAt(0) : 0;
        ScalarOp special =
                value == 2 ? ScalarOp.SQUARE : value == 0.5 ? ScalarOp.SQRT : value == -1 ? ScalarOp.RECIPROCAL : null;
        Tensor converted = Promotion.convert(base, dtype, ScalarOp.POWER);
        return special == null ? build(ScalarOp.POWER, arguments) : build(special, List.of(converted));
    }

    private static void refuseNegative(Tensor base, Constant exponent) {
        for (long i = 0; i < exponent.value().elementCount(); i++) {
            if (exponent.value().longAt(i) < 0) {
                throw TypeErrors.of(
                        new Op.Elementwise(ScalarOp.POWER),
                        List.of(base, exponent),
                        "an integer to the power %d is no integer; cast the base to float64"
                                .formatted(exponent.value().longAt(i)));
            }
        }
    }

    /** NumPy's {@code clip}; null where there is no bound. */
    static Tensor clip(Tensor x, @Nullable Tensor low, @Nullable Tensor high) {
        Tensor raised = low == null ? Promotion.strong(x) : apply(ScalarOp.MAXIMUM, List.of(x, low));
        return high == null ? raised : apply(ScalarOp.MINIMUM, List.of(raised, high));
    }

    /** An operator of bits, which the language has on bool only. */
    static Tensor bitwise(ScalarOp op, Tensor... arguments) {
        for (Tensor argument : arguments) {
            if (argument.dtype() != DType.BOOL) {
                throw TypeErrors.of(
                        new Op.Elementwise(op), List.of(arguments), "& | ^ ~ take bool; compare with 0 first");
            }
        }
        return apply(op, List.of(arguments));
    }

    static Tensor cast(Tensor x, DType dtype) {
        if (!dtype.isComputable()) {
            throw TypeErrors.of(
                    "cast", List.of(x), "%s is a dtype of storage only; use %s".formatted(dtype, dtype.decoded()));
        }
        return Promotion.convert(Promotion.strong(x), dtype, null);
    }
}
