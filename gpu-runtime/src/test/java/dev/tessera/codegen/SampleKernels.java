package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.Step;
import dev.tessera.plan.SyrkStep;
import dev.tessera.plan.TopKStep;
import java.util.ArrayList;
import java.util.List;

/** Every kernel that the steps of a plan may be rendered as, whatever the sizes turn out to be. */
public final class SampleKernels implements Step.Visitor<List<Kernel>> {
    private final List<BufferSlot> slots;
    private final Kernel.IndexWidth width;

    private SampleKernels(List<BufferSlot> slots, Kernel.IndexWidth width) {
        this.slots = slots;
        this.width = width;
    }

    /** Those of all steps, in both widths. */
    public static List<Kernel> of(ExecutionPlan plan) {
        List<Step> steps = new ArrayList<>(plan.invariantSteps());
        steps.addAll(plan.rowSteps());
        List<Kernel> kernels = new ArrayList<>();
        for (Kernel.IndexWidth width : Kernel.IndexWidth.values()) {
            for (Step step : steps) {
                kernels.addAll(step.accept(new SampleKernels(plan.slots(), width)));
            }
        }
        return kernels;
    }

    private List<Kernel> map(MapKernel kernel) {
        if (kernel.work().isKnown(0)) {
            return List.of();
        }
        List<Kernel> kernels = new ArrayList<>(List.of(kernel.render(width)));
        if (kernel.canTakeFour()) {
            kernels.add(kernel.renderFour(width));
        }
        if (kernel.canTile()) {
            kernels.add(kernel.renderTiled(width));
        }
        return kernels;
    }

    private List<Kernel> reduce(ReduceKernel kernel) {
        List<Kernel> kernels = new ArrayList<>();
        if (!kernel.work().isKnown(0)) {
            for (Kernel.Cooperation cooperation : Kernel.Cooperation.values()) {
                kernels.add(kernel.render(width, cooperation));
            }
        }
        return kernels;
    }

    @Override
    public List<Kernel> visit(RowProgramStep step) {
        return step.program().hasReductions() ? reduce(ReduceKernel.of(step, slots)) : map(MapKernel.of(step, slots));
    }

    @Override
    public List<Kernel> visit(GemmStep step) {
        return List.of();
    }

    @Override
    public List<Kernel> visit(SyrkStep step) {
        return List.of();
    }

    @Override
    public List<Kernel> visit(CopyStep step) {
        return map(MapKernel.of(step, slots));
    }

    @Override
    public List<Kernel> visit(GatherStep step) {
        GatherKernel kernel = GatherKernel.of(step, slots);
        return kernel.work().isKnown(0) ? List.of() : List.of(kernel.renderCheck(1, width), kernel.render(width));
    }

    @Override
    public List<Kernel> visit(CumulativeSumStep step) {
        ScanKernel kernel = ScanKernel.of(step, slots);
        return kernel.work().isKnown(0) ? List.of() : List.of(kernel.render(width));
    }

    @Override
    public List<Kernel> visit(TopKStep step) {
        TopKKernel kernel = TopKKernel.of(step, slots);
        return kernel.work().isKnown(0)
                ? List.of()
                : List.of(kernel.render(width), kernel.renderSorted(width, 64), kernel.renderSorted(width, 4096));
    }

    @Override
    public List<Kernel> visit(ReduceRowsStep step) {
        return reduce(ReduceKernel.of(step, slots));
    }
}
