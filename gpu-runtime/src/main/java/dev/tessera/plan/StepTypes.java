package dev.tessera.plan;

import dev.tessera.tensor.DType;
import java.util.List;
import java.util.function.Supplier;

/** What a step demands of ranks, axes and dtypes: all that needs no sizes. */
final class StepTypes implements Step.Visitor<Step> {
    private final List<BufferSlot> slots;

    StepTypes(List<BufferSlot> slots) {
        this.slots = slots;
    }

    @Override
    public Step visit(RowProgramStep step) {
        RowProgramTypes.check(step, this);
        return step;
    }

    @Override
    public Step visit(GemmStep step) {
        DType dtype = dtype(step.out());
        require(dtype.isFloating() || dtype.isInteger(), PlanCheck.DTYPE, () -> "no product of %s".formatted(dtype));
        requireDType(step.a(), dtype, "a");
        requireDType(step.b(), dtype, "b");
        int rank = step.out().rank();
        require(rank >= 2, PlanCheck.SHAPE, () -> "rank %d".formatted(rank));
        requireRank(step.a(), rank, "a");
        requireRank(step.b(), rank, "b");
        if (step.bias() != null) {
            requireDType(step.bias(), dtype, "bias");
            requireRank(step.bias(), rank, "bias");
        }
        ScalarOp activation = step.activation();
        if (activation != null) {
            boolean fits =
                    activation.arity() == 1 && activation.accepts(dtype) && activation.resultDType(dtype) == dtype;
            require(fits, PlanCheck.DTYPE, () -> "no activation %s of %s".formatted(activation, dtype));
        }
        return step;
    }

    @Override
    public Step visit(SyrkStep step) {
        DType dtype = dtype(step.out());
        require(dtype.isFloating(), PlanCheck.DTYPE, () -> "no syrk of %s".formatted(dtype));
        requireDType(step.a(), dtype, "a");
        require(
                step.out().rank() >= 2,
                PlanCheck.SHAPE,
                () -> "rank %d".formatted(step.out().rank()));
        requireRank(step.a(), step.out().rank(), "a");
        return step;
    }

    @Override
    public Step visit(CopyStep step) {
        requireDType(step.source(), dtype(step.out()), "source");
        return step;
    }

    @Override
    public Step visit(GatherStep step) {
        requireDType(step.source(), dtype(step.out()), "source");
        DType indices = dtype(step.indices());
        require(indices.isInteger(), PlanCheck.DTYPE, () -> "indices are %s".formatted(indices));
        requireAxis(step.axis(), step.source());
        requireRank(step.out(), step.source().rank() - 1 + step.indices().rank(), "out");
        return step;
    }

    @Override
    public Step visit(CumulativeSumStep step) {
        DType dtype = dtype(step.out());
        require(dtype.isFloating() || dtype.isInteger(), PlanCheck.DTYPE, () -> "no sums of %s".formatted(dtype));
        requireDType(step.source(), dtype, "source");
        requireAxis(step.axis(), step.source());
        return step;
    }

    @Override
    public Step visit(TopKStep step) {
        requireDType(step.source(), dtype(step.values()), "source");
        requireDType(step.indices(), DType.INT64, "indices");
        require(step.source().rank() >= 1, PlanCheck.SHAPE, () -> "no axis to take the largest along");
        requireRank(step.values(), step.source().rank(), "values");
        requireRank(step.indices(), step.source().rank(), "indices");
        return step;
    }

    @Override
    public Step visit(ReduceRowsStep step) {
        DType dtype = dtype(step.source());
        boolean reduces = switch (step.op()) {
            case SUM, PROD, MAX, MIN, ANY, ALL -> step.op().accepts(dtype);
            case MEAN, ARGMAX, ARGMIN, SUPREMUM -> false;
        };
        require(reduces, PlanCheck.DTYPE, () -> "no %s of rows of %s".formatted(step.op(), dtype));
        requireDType(step.accumulator(), step.op().resultDType(dtype), "accumulator");
        return step;
    }

    void requireDType(Operand operand, DType dtype, String name) {
        DType found = dtype(operand);
        require(found == dtype, PlanCheck.DTYPE, () -> "%s is %s, not %s".formatted(name, found, dtype));
    }

    private DType dtype(Operand operand) {
        return slots.get(operand.slot()).dtype();
    }

    private static void requireRank(Operand operand, int rank, String name) {
        require(
                operand.rank() == rank,
                PlanCheck.SHAPE,
                () -> "%s has rank %d, not %d".formatted(name, operand.rank(), rank));
    }

    private static void requireAxis(int axis, Operand operand) {
        require(
                axis >= 0 && axis < operand.rank(),
                PlanCheck.SHAPE,
                () -> "axis %d of rank %d".formatted(axis, operand.rank()));
    }

    private static void require(boolean holds, PlanCheck check, Supplier<String> why) {
        Refusal.require(holds, check, why);
    }
}
