package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.StridedView;
import dev.tessera.cpu.program.BoundProgram;
import dev.tessera.cpu.program.ProgramRunner;
import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.Step;
import dev.tessera.plan.SyrkStep;
import dev.tessera.plan.TopKStep;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import java.util.ArrayList;
import java.util.List;

/** Binds the steps of a plan, adding slots and copies where a step needs an operand laid out otherwise. Used once. */
final class StepBinder implements Step.Visitor<CpuStep> {
    private final DimBinding binding;
    private final Kernels kernels;
    private final boolean isInvariant;
    private final List<BoundSlot> slots = new ArrayList<>();
    private final List<BoundPlan.KindedStep> preparation = new ArrayList<>();
    private final List<BoundPlan.KindedStep> steps = new ArrayList<>();

    StepBinder(ExecutionPlan plan, DimBinding binding, Kernels kernels, boolean isInvariant) {
        this.binding = binding;
        this.kernels = kernels;
        this.isInvariant = isInvariant;
        for (BufferSlot slot : plan.slots()) {
            slots.add(new BoundSlot(
                    slot.scope(), slot.dtype(), slot.elementCount().evaluate(binding)));
        }
    }

    void bind(Step step) {
        CpuStep bound = step.accept(this);
        steps.add(new BoundPlan.KindedStep(step.kind(), bound));
    }

    List<BoundSlot> slots() {
        return slots;
    }

    List<BoundPlan.KindedStep> preparation() {
        return preparation;
    }

    List<BoundPlan.KindedStep> steps() {
        return steps;
    }

    BoundSlot slot(int index) {
        return slots.get(index);
    }

    /** A new slot for a contiguous value of the dims of {@code view}, of the same scope. */
    StridedView newSlotLike(StridedView view) {
        BoundSlot source = slots.get(view.slot());
        slots.add(new BoundSlot(source.scope(), source.dtype(), view.elementCount()));
        return StridedView.contiguous(slots.size() - 1, view.dims());
    }

    /** A contiguous copy of a view, made before the steps bound from now on. */
    StridedView contiguousCopy(StridedView view) {
        StridedView copy = newSlotLike(view);
        boolean isPrepared = !isInvariant && slots.get(view.slot()).scope().isRowInvariant();
        (isPrepared ? preparation : steps).add(new BoundPlan.KindedStep("copy", new ViewCopy(view, copy)));
        return copy;
    }

    private StridedView view(Operand operand) {
        return StridedView.of(operand, binding);
    }

    private DType dtype(StridedView view) {
        return slots.get(view.slot()).dtype();
    }

    @Override
    public CpuStep visit(RowProgramStep step) {
        List<StridedView> operands = new ArrayList<>();
        step.inputs().forEach(input -> operands.add(view(input)));
        step.outputs().forEach(output -> operands.add(view(output)));
        List<Long> outer = step.outer().stream().map(this::size).toList();
        return programStep(new BoundProgram(step.program(), outer, size(step.length()), operands));
    }

    private long size(Dim dim) {
        return dim.evaluate(binding);
    }

    private ProgramStep programStep(BoundProgram bound) {
        return new ProgramStep(bound, new ProgramRunner(bound, kernels.instructions()));
    }

    @Override
    public CpuStep visit(GemmStep step) {
        StridedView out = view(step.out());
        List<ProgramStep> epilogue = new ArrayList<>();
        if (step.bias() != null || step.activation() != null) {
            StridedView bias = step.bias() == null ? null : view(step.bias());
            epilogue.add(programStep(ProductEpilogue.of(out, bias, step.activation(), dtype(out))));
        }
        ProductStep.MultipliedViews views =
                new ProductStep.MultipliedViews(multiplied(view(step.a())), multiplied(view(step.b())), out, false);
        return product(views, epilogue);
    }

    /** A factor as it is, if products read it so, or else a copy. */
    private StridedView multiplied(StridedView factor) {
        return MatrixLayout.of(factor) != null ? factor : contiguousCopy(factor);
    }

    private CpuStep product(ProductStep.MultipliedViews views, List<ProgramStep> epilogue) {
        StridedView out = views.out();
        if (MatrixLayout.of(out) != null) {
            return new ProductStep(views, dtype(out), kernels.product(), epilogue);
        }
        StridedView result = newSlotLike(out);
        ProductStep.MultipliedViews dense =
                new ProductStep.MultipliedViews(views.a(), views.b(), result, views.isSymmetric());
        List<CpuStep> sequence = new ArrayList<>();
        sequence.add(new ProductStep(dense, dtype(out), kernels.product(), List.of()));
        sequence.add(new ViewCopy(result, out));
        sequence.addAll(epilogue);
        return new StepSequence(sequence);
    }

    @Override
    public CpuStep visit(SyrkStep step) {
        StridedView a = multiplied(view(step.a()));
        return product(new ProductStep.MultipliedViews(a, a.swapLast(), view(step.out()), true), List.of());
    }

    @Override
    public CpuStep visit(CopyStep step) {
        StridedView out = view(step.out());
        return new ViewCopy(view(step.source()), out);
    }

    @Override
    public CpuStep visit(GatherStep step) {
        StridedView out = view(step.out());
        return new Gather(view(step.source()), view(step.indices()), step.axis(), out);
    }

    @Override
    public CpuStep visit(CumulativeSumStep step) {
        StridedView out = view(step.out());
        return new CumulativeSum(view(step.source()), step.axis(), out, dtype(out));
    }

    @Override
    public CpuStep visit(TopKStep step) {
        StridedView source = view(step.source());
        return new TopK(source, view(step.values()), view(step.indices()), dtype(source));
    }

    @Override
    public CpuStep visit(ReduceRowsStep step) {
        StridedView source = view(step.source());
        return new RowReduction(step.op(), source, view(step.accumulator()), dtype(source));
    }
}
