package dev.tessera.plan;

import java.util.List;

/**
 * One thing a backend does. If every operand is row-invariant the step runs once; else once per batch, for all its rows,
 * a row-invariant operand serving every row.
 *
 * <p>The operands that a step writes never overlap in memory those it reads, except that a {@link RowProgramStep} whose
 * program has no reduction may write exactly the view it reads.
 */
public sealed interface Step
        permits RowProgramStep, GemmStep, SyrkStep, CopyStep, GatherStep, CumulativeSumStep, TopKStep, ReduceRowsStep {
    <R> R accept(Visitor<R> visitor);

    List<Operand> reads();

    List<Operand> writes();

    /** The name of this kind of step, as receipts count it. */
    default String kind() {
        return accept(KindName.INSTANCE);
    }

    /** One method per kind and no defaults, so that a new kind fails to compile wherever it is unhandled. */
    interface Visitor<R> {
        R visit(RowProgramStep step);

        R visit(GemmStep step);

        R visit(SyrkStep step);

        R visit(CopyStep step);

        R visit(GatherStep step);

        R visit(CumulativeSumStep step);

        R visit(TopKStep step);

        R visit(ReduceRowsStep step);
    }
}
