package dev.tessera.compile;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Tensor;
import dev.tessera.plan.Operand;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/** The step of a row program: its inputs and outputs as views over common axes, and which axis it runs along. */
final class FusedStep {
    private final RowProgram program;
    private final List<RowProgram.Value> values;
    private final List<Dim> whole;

    FusedStep(Apply apply, RowProgram program) {
        this.program = program;
        this.values = program.values();
        this.whole = whole(apply);
    }

    /** The axes that the inputs broadcast to; outer ones under the names that the outputs have for them. */
    private static List<Dim> whole(Apply apply) {
        int rank = apply.inputs().stream().mapToInt(Tensor::rank).max().orElse(0);
        if (rank == 0) {
            return List.of();
        }
        Dim length = Dim.ONE;
        for (Tensor input : apply.inputs()) {
            Dim last = input.rank() == 0 ? Dim.ONE : input.shape().dim(input.rank() - 1);
            boolean replaces = length.isKnown(1) || (last.isKnown() && !last.isKnown(1));
            length = replaces ? last : length;
        }
        List<Dim> whole = new ArrayList<>(apply.outputs().get(0).shape().dims());
        whole.set(rank - 1, length);
        return whole;
    }

    RowProgramStep step(List<Operand> inputs, List<Operand> outputs) {
        List<Dim> outer = whole.isEmpty() ? List.of() : whole.subList(0, whole.size() - 1);
        Dim length = whole.isEmpty() ? Dim.ONE : whole.get(whole.size() - 1);
        List<Operand> reads = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            reads.add(along(inputs.get(i), program.inputs().get(i).isVector()));
        }
        List<Operand> writes = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            writes.add(
                    along(outputs.get(i), values.get(program.outputs().get(i)).isVector()));
        }
        RowProgramStep step = new RowProgramStep(program, outer, length, reads, writes);
        return program.hasReductions() ? step : AxisCollapse.collapse(step);
    }

    /** The view with all axes if it varies along the last, else with all but the last. */
    private Operand along(Operand view, boolean isVector) {
        Operand full = Views.broadcast(view, whole);
        if (isVector || whole.isEmpty()) {
            return full;
        }
        int outer = whole.size() - 1;
        return new Operand(
                full.slot(),
                full.offset(),
                whole.subList(0, outer),
                full.strides().subList(0, outer));
    }
}
