package dev.tessera.plan;

import java.util.List;

/**
 * NumPy's {@code take}: out has the source's dims before {@code axis}, then the dims of the indices, then the source's
 * dims after it. Indices are int32 or int64; a negative one counts from the end; one that is out of range marks the row.
 */
public record GatherStep(Operand source, Operand indices, int axis, Operand out) implements Step {
    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public List<Operand> reads() {
        return List.of(source, indices);
    }

    @Override
    public List<Operand> writes() {
        return List.of(out);
    }
}
