package dev.tessera.plan;

import java.util.List;

/** Running sums along {@code axis}. */
public record CumulativeSumStep(Operand source, int axis, Operand out) implements Step {
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
        return List.of(out);
    }
}
