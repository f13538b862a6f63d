package dev.tessera.plan;

import java.util.List;

/** {@code out = a @ transpose(a)}: a is [..., m, k], out [..., m, m], both triangles. float32 and float64. */
public record SyrkStep(Operand a, Operand out) implements Step {
    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public List<Operand> reads() {
        return List.of(a);
    }

    @Override
    public List<Operand> writes() {
        return List.of(out);
    }
}
