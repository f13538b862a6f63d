package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import java.util.List;

/**
 * Runs a row program for every row and every index of the outer axes, along an axis of {@code length}.
 *
 * <p>An operand that varies along the axis has the outer dims and then the length; one that does not has the outer dims
 * only. Strides may be 0, to repeat.
 */
public record RowProgramStep(
        RowProgram program, List<Dim> outer, Dim length, List<Operand> inputs, List<Operand> outputs) implements Step {
    public RowProgramStep {
        outer = List.copyOf(outer);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public List<Operand> reads() {
        return inputs;
    }

    @Override
    public List<Operand> writes() {
        return outputs;
    }
}
