package dev.tessera.plan;

import dev.tessera.tensor.Dim;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The checks of a plan's sizes, as far as they are known, its structure being right. Used once, by one thread. */
final class PlanShapes {
    private final ExecutionPlan plan;
    private final Sizes sizes;
    private final StepShapes stepShapes;
    private final OverlapSearch overlaps = new OverlapSearch();

    PlanShapes(ExecutionPlan plan, Sizes sizes) {
        this.plan = plan;
        this.sizes = sizes;
        this.stepShapes = new StepShapes(sizes);
    }

    void checkSlot(BufferSlot slot) {
        sizes.requireSize(slot.elementCount(), "the slot");
        sizes.requireSize(slot.sizeInBytes(), "the slot, in bytes,");
    }

    void checkConstant(ExecutionPlan.PlanConstant constant) {
        checkFills(constant.type(), constant.slot());
    }

    void checkInput(ExecutionPlan.PlanInput input) {
        checkFills(input.type(), input.slot());
    }

    private void checkFills(TensorType type, int slot) {
        sizes.requireSizes(type.shape().dims(), "an axis");
        Dim elementCount = plan.slots().get(slot).elementCount();
        sizes.requireEqual(type.shape().elementCount(), elementCount, "elements of the slot");
    }

    void checkEquality(ExecutionPlan.DimEquality equality) {
        if (sizes.differ(equality.left(), equality.right())) {
            throw new Refusal(
                    PlanCheck.EQUALITY,
                    "%s is not %s, which %s takes"
                            .formatted(sizes.text(equality.left()), sizes.text(equality.right()), equality.reason()));
        }
    }

    void checkStep(Step step) {
        List<@Nullable View> reads = views(step.reads());
        List<@Nullable View> writes = views(step.writes());
        boolean mayRunInPlace =
                step instanceof RowProgramStep program && !program.program().hasReductions();
        for (int i = 0; i < writes.size(); i++) {
            View write = writes.get(i);
            if (write != null) {
                write.requireDistinctElements();
                checkApart(write, reads, mayRunInPlace);
                checkApart(write, writes.subList(0, i), false);
            }
        }
        step.accept(stepShapes);
        if (step instanceof ReduceRowsStep reduction) {
            checkFillsAccumulator(reduction.accumulator());
        }
    }

    void checkOutput(ExecutionPlan.PlanOutput output) {
        sizes.requireEqual(output.type().shape().dims(), output.value().dims(), "dims of the output");
        view(output.value());
    }

    private void checkApart(View write, List<@Nullable View> others, boolean mayBeSame) {
        for (View other : others) {
            if (other != null && !(mayBeSame && write.isSameAs(other))) {
                Refusal.require(
                        !write.meets(other, overlaps),
                        PlanCheck.OVERLAP,
                        () -> "what is written to slot %d meets what else the step uses of it".formatted(write.slot()));
            }
        }
    }

    private void checkFillsAccumulator(Operand accumulator) {
        Refusal.require(
                accumulator.isContiguous() && accumulator.offset().isKnown(0),
                PlanCheck.SHAPE,
                () -> "the accumulator is not contiguous");
        Dim elementCount = plan.slots().get(accumulator.slot()).elementCount();
        sizes.requireEqual(accumulator.shape().elementCount(), elementCount, "elements of the accumulator");
    }

    private List<@Nullable View> views(List<Operand> operands) {
        List<@Nullable View> views = new ArrayList<>(operands.size());
        for (Operand operand : operands) {
            views.add(view(operand));
        }
        return views;
    }

    private @Nullable View view(Operand operand) {
        sizes.requireSizes(operand.dims(), "an operand");
        Dim elementCount = plan.slots().get(operand.slot()).elementCount();
        View view = View.of(operand, sizes);
        OptionalLong count = sizes.value(elementCount);
        if (view != null && count.isPresent()) {
            view.requireWithin(count.getAsLong());
        } else if (SymbolicSign.leaves(operand, elementCount)) {
            throw new Refusal(
                    PlanCheck.BOUNDS,
                    "%s always leaves its slot of %s elements".formatted(StepText.view(operand), elementCount));
        }
        return view;
    }
}
