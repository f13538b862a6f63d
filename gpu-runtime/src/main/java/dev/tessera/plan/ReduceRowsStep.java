package dev.tessera.plan;

import java.util.List;

/**
 * Reduces the rows of a batch, element by element, into an accumulator. SUM, PROD, MAX, MIN, ANY and ALL.
 *
 * <p>The accumulator has what these rows alone reduce to: a batch depends on no other one, so that it can run again, or
 * elsewhere. Who wants the reduction of several batches merges their results.
 */
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
