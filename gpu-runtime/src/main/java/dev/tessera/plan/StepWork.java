package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.List;

/** How many scalar operations a step takes, for one row, at least one. */
final class StepWork implements Step.Visitor<Long> {
    private final DimBinding binding;

    StepWork(DimBinding binding) {
        this.binding = binding;
    }

    @Override
    public Long visit(RowProgramStep step) {
        long perIndex = step.length().evaluate(binding);
        long operations = Math.max(1, step.program().instructions().size());
        return times(times(elements(step.outer()), Math.max(1, perIndex)), operations);
    }

    @Override
    public Long visit(GemmStep step) {
        Dim inner = step.a().dims().get(step.a().rank() - 1);
        return times(elements(step.out().dims()), Math.max(1, inner.evaluate(binding)));
    }

    @Override
    public Long visit(SyrkStep step) {
        Dim inner = step.a().dims().get(step.a().rank() - 1);
        return times(elements(step.out().dims()), Math.max(1, inner.evaluate(binding)));
    }

    @Override
    public Long visit(CopyStep step) {
        return elements(step.out().dims());
    }

    @Override
    public Long visit(GatherStep step) {
        return elements(step.out().dims()) + elements(step.indices().dims());
    }

    @Override
    public Long visit(CumulativeSumStep step) {
        return elements(step.out().dims());
    }

    @Override
    public Long visit(TopKStep step) {
        long elements = elements(step.source().dims());
        long comparisonsEach = (long) Long.SIZE - Long.numberOfLeadingZeros(elements);
        return times(elements, Math.max(1, comparisonsEach));
    }

    @Override
    public Long visit(ReduceRowsStep step) {
        return elements(step.source().dims());
    }

    private long elements(List<Dim> dims) {
        long elements = 1;
        for (Dim dim : dims) {
            elements = times(elements, dim.evaluate(binding));
        }
        return elements;
    }

    private static long times(long left, long right) {
        return Math.multiplyExact(left, right);
    }
}
