package dev.tessera.expr;

import java.util.List;
import java.util.stream.Collectors;

/** The messages of dtypes and shapes that do not fit: what cannot be done to which types, why, and where. */
final class TypeErrors {
    private TypeErrors() {}

    static TensorTypeException of(Op op, List<? extends Tensor> inputs, String why) {
        return new TensorTypeException(
                "Cannot %s: %s (in %s)".formatted(doing(op, inputs), why, ExpressionText.of(op, inputs)));
    }

    /** As {@link #of(Op, List, String)}, for a word that is made of several ops. */
    static TensorTypeException of(String word, List<? extends Tensor> inputs, String why) {
        String expressions = inputs.stream().map(ExpressionText::of).collect(Collectors.joining(", "));
        return new TensorTypeException(
                "Cannot apply %s to %s: %s (in %s(%s))".formatted(word, types(inputs), why, word, expressions));
    }

    private static String doing(Op op, List<? extends Tensor> inputs) {
        if (op instanceof Op.MatMul && inputs.size() == 2) {
            return "multiply %s by %s"
                    .formatted(inputs.get(0).type(), inputs.get(1).type());
        }
        if (op instanceof Op.Elementwise elementwise && inputs.size() == 2) {
            return OpSignature.verb(elementwise.scalar()) + " " + types(inputs);
        }
        return "apply %s to %s".formatted(OpSignature.of(op, inputs).name(), types(inputs));
    }

    private static String types(List<? extends Tensor> inputs) {
        return inputs.stream().map(x -> x.type().toString()).collect(Collectors.joining(" and "));
    }
}
