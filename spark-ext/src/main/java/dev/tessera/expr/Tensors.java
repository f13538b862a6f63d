package dev.tessera.expr;

import dev.tessera.plan.ScalarOp;

/** The words of the language. */
public final class Tensors {
    private Tensors() {}

    /** {@code left + right}, with NumPy's broadcasting and promotion. */
    public static Tensor add(Tensor left, Tensor right) {
        return Apply.of(new Op.Elementwise(ScalarOp.ADD), left, right).output();
    }
}
