package dev.tessera.plan;

import java.util.List;

/** Copies a view to another of the same dims. */
public record CopyStep(Operand source, Operand out) implements Step {
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
