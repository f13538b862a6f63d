package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What a step demands of the sizes of its operands, whose types are right. */
final class StepShapes implements Step.Visitor<Step> {
    private final Sizes sizes;

    StepShapes(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public Step visit(RowProgramStep step) {
        sizes.requireSizes(step.outer(), "an outer axis");
        sizes.requireSize(step.length(), "the axis");
        for (Operand operand : step.inputs()) {
            requireRowDims(step, operand, "input");
        }
        for (Operand operand : step.outputs()) {
            requireRowDims(step, operand, "output");
        }
        if (sizes.isKnown(step.length(), 0) && isNeverEmpty(step.outer())) {
            for (RowProgram.Instruction instruction : step.program().instructions()) {
                if (instruction instanceof RowProgram.Reduce reduce
                        && !reduce.op().hasIdentity()) {
                    throw new Refusal(
                            PlanCheck.EMPTY,
                            "no value of %s over an axis of size %s".formatted(reduce.op(), sizes.text(step.length())));
                }
            }
        }
        return step;
    }

    private void requireRowDims(RowProgramStep step, Operand operand, String what) {
        int outerRank = step.outer().size();
        sizes.requireEqual(operand.dims().subList(0, outerRank), step.outer(), "outer dims of an " + what);
        if (operand.rank() > outerRank) {
            sizes.requireEqual(operand.dims().get(outerRank), step.length(), "length of an " + what);
        }
    }

    private boolean isNeverEmpty(List<Dim> dims) {
        for (Dim dim : dims) {
            OptionalLong value = sizes.value(dim);
            if (value.isEmpty() || value.getAsLong() == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Step visit(GemmStep step) {
        int rank = step.out().rank();
        sizes.requireEqual(leading(step.a(), 2), leading(step.out(), 2), "leading dims of a");
        sizes.requireEqual(leading(step.b(), 2), leading(step.out(), 2), "leading dims of b");
        sizes.requireEqual(dim(step.a(), rank - 2), dim(step.out(), rank - 2), "rows of a");
        sizes.requireEqual(dim(step.a(), rank - 1), dim(step.b(), rank - 2), "inner dims of a and b");
        sizes.requireEqual(dim(step.b(), rank - 1), dim(step.out(), rank - 1), "columns of b");
        if (step.bias() != null) {
            sizes.requireEqual(step.bias().dims(), step.out().dims(), "dims of bias");
        }
        return step;
    }

    @Override
    public Step visit(SyrkStep step) {
        int rank = step.out().rank();
        sizes.requireEqual(leading(step.a(), 1), leading(step.out(), 1), "leading dims and rows of a");
        sizes.requireEqual(dim(step.a(), rank - 2), dim(step.out(), rank - 1), "columns of out");
        return step;
    }

    @Override
    public Step visit(CopyStep step) {
        sizes.requireEqual(step.source().dims(), step.out().dims(), "dims of source");
        return step;
    }

    @Override
    public Step visit(GatherStep step) {
        List<Dim> expected = new ArrayList<>(step.source().dims().subList(0, step.axis()));
        expected.addAll(step.indices().dims());
        expected.addAll(
                step.source().dims().subList(step.axis() + 1, step.source().rank()));
        sizes.requireEqual(step.out().dims(), expected, "dims of out");
        return step;
    }

    @Override
    public Step visit(CumulativeSumStep step) {
        sizes.requireEqual(step.source().dims(), step.out().dims(), "dims of source");
        return step;
    }

    @Override
    public Step visit(TopKStep step) {
        int last = step.source().rank() - 1;
        sizes.requireEqual(step.values().dims(), step.indices().dims(), "dims of values and of indices");
        sizes.requireEqual(leading(step.values(), 1), leading(step.source(), 1), "leading dims of values");
        OptionalLong count = sizes.value(dim(step.values(), last));
        OptionalLong length = sizes.value(dim(step.source(), last));
        if (count.isPresent() && length.isPresent() && count.getAsLong() > length.getAsLong()) {
            throw new Refusal(
                    PlanCheck.SHAPE,
                    "no largest %s of %s"
                            .formatted(sizes.text(dim(step.values(), last)), sizes.text(dim(step.source(), last))));
        }
        return step;
    }

    @Override
    public Step visit(ReduceRowsStep step) {
        sizes.requireEqual(step.source().dims(), step.accumulator().dims(), "dims of source");
        return step;
    }

    private static Dim dim(Operand operand, int axis) {
        return operand.dims().get(axis);
    }

    private static List<Dim> leading(Operand operand, int trailing) {
        return operand.dims().subList(0, operand.rank() - trailing);
    }
}
