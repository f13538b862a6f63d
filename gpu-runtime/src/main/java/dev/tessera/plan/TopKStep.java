package dev.tessera.plan;

import java.util.List;

/**
 * The largest k elements along the last axis, in descending order, and their positions as int64, k being the last dim of
 * both results. Among equals the first comes first; NaN counts as larger than all.
 */
public record TopKStep(Operand source, Operand values, Operand indices) implements Step {
    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public List<Operand> reads() {
        return List.of(source);
    }

    @Override
    public List<Operand> writes() {
        return List.of(values, indices);
    }
}
