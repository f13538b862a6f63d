package dev.tessera.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Matrix product, {@code out = activation(a @ b + bias)}: a is [..., m, k], b [..., k, n], out and bias [..., m, n], with
 * equal leading dims. Transposes and broadcasts are strides. Over an empty k the product is 0.
 */
public record GemmStep(
        Operand a,
        Operand b,
        @Nullable Operand bias,
        @Nullable ScalarOp activation,
        Operand out) implements Step {
    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public List<Operand> reads() {
        return bias == null ? List.of(a, b) : List.of(a, b, bias);
    }

    @Override
    public List<Operand> writes() {
        return List.of(out);
    }
}
