package dev.tessera.plan;

import java.util.List;

/** Reduces the rows of a batch, element by element, into an accumulator. SUM, PROD, MAX, MIN, ANY and ALL. */
public record ReduceRowsStep(ReduceOp op, Operand source, Operand accumulator) implements Step {
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
        return List.of(accumulator);
    }
}
