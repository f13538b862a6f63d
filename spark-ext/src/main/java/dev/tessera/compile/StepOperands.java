package dev.tessera.compile;

import dev.tessera.plan.CopyStep;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.Step;
import dev.tessera.plan.SyrkStep;
import dev.tessera.plan.TopKStep;
import java.util.List;
import java.util.function.UnaryOperator;

/** The same step over other operands. */
record StepOperands(UnaryOperator<Operand> replacement) implements Step.Visitor<Step> {
    private Operand of(Operand operand) {
        return replacement.apply(operand);
    }

    private List<Operand> of(List<Operand> operands) {
        return operands.stream().map(replacement).toList();
    }

    @Override
    public Step visit(RowProgramStep step) {
        return new RowProgramStep(step.program(), step.outer(), step.length(), of(step.inputs()), of(step.outputs()));
    }

    @Override
    public Step visit(GemmStep step) {
        Operand bias = step.bias();
        return new GemmStep(
                of(step.a()), of(step.b()), bias == null ? null : of(bias), step.activation(), of(step.out()));
    }

    @Override
    public Step visit(SyrkStep step) {
        return new SyrkStep(of(step.a()), of(step.out()));
    }

    @Override
    public Step visit(CopyStep step) {
        return new CopyStep(of(step.source()), of(step.out()));
    }

    @Override
    public Step visit(GatherStep step) {
        return new GatherStep(of(step.source()), of(step.indices()), step.axis(), of(step.out()));
    }

    @Override
    public Step visit(CumulativeSumStep step) {
        return new CumulativeSumStep(of(step.source()), step.axis(), of(step.out()));
    }

    @Override
    public Step visit(TopKStep step) {
        return new TopKStep(of(step.source()), of(step.values()), of(step.indices()));
    }

    @Override
    public Step visit(ReduceRowsStep step) {
        return new ReduceRowsStep(step.op(), of(step.source()), of(step.accumulator()));
    }
}
