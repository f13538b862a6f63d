package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.Operand;
import dev.tessera.plan.ReduceRowsStep;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A row program with reductions: a thread, a warp or a block goes along the axis once for every stage, and computes again
 * what it needs of the stages before, from elements that it keeps in registers if they are few.
 */
public final class ReduceKernel {
    private final RowProgram program;
    private final List<Operand> inputs;
    private final List<Operand> outputs;
    private final Operands operands;
    private final Axes outer;
    private final Axes.Axis along;

    private ReduceKernel(RowProgramStep step, Operands operands, List<Axes.Axis> outer, Axes.Axis along) {
        this.program = step.program();
        this.inputs = step.inputs();
        this.outputs = step.outputs();
        this.operands = operands;
        this.outer = Axes.merged(outer);
        this.along = along;
    }

    /** The kernel of a step. */
    public static ReduceKernel of(RowProgramStep step, List<BufferSlot> slots) {
        Operands operands = new Operands(slots);
        List<Operand> views = new ArrayList<>(step.inputs());
        views.addAll(step.outputs());
        List<Axes.Axis> outer = operands.axes(views, step.outer());
        Axes.Axis along = new Axes.Axis(
                step.length(), Operands.strides(views, step.outer().size()));
        return new ReduceKernel(step, operands, outer, along);
    }

    /** The kernel that reduces the rows of a batch, which are the axis, into what they alone give. */
    public static ReduceKernel of(ReduceRowsStep step, List<BufferSlot> slots) {
        Operands operands = new Operands(slots);
        DType dtype = operands.dtype(step.source());
        RowProgram program = new RowProgram(
                List.of(new RowProgram.Input(dtype, true)),
                List.of(new RowProgram.Load(0), new RowProgram.Reduce(step.op(), 0)),
                List.of(1));
        List<Operand> views = List.of(step.source(), step.accumulator());
        List<Dim> dims = step.source().dims();
        List<Axes.Axis> outer = new ArrayList<>();
        for (int axis = 0; axis < dims.size(); axis++) {
            outer.add(new Axes.Axis(dims.get(axis), Operands.strides(views, axis)));
        }
        Axes.Axis rows = new Axes.Axis(Kernel.ROWS, List.of(operands.rowStride(step.source()), Dim.ZERO));
        RowProgramStep reduction =
                new RowProgramStep(program, dims, Kernel.ROWS, List.of(step.source()), List.of(step.accumulator()));
        return new ReduceKernel(reduction, operands, outer, rows);
    }

    /** How long the axis is. */
    public Dim length() {
        return along.size();
    }

    /** How many indices there are of the outer axes, rows among them. */
    public Dim work() {
        return outer.count();
    }

    public Kernel render(Kernel.IndexWidth width, Kernel.Cooperation cooperation) {
        KernelText text = new KernelText("tessera_reduce_" + cooperation.name().toLowerCase(Locale.ROOT), width);
        for (int i = 0; i < inputs.size(); i++) {
            text.source("x" + i, operands.dtype(inputs.get(i)), operands.pointer(inputs.get(i)), true);
        }
        for (int i = 0; i < outputs.size(); i++) {
            text.target("y" + i, operands.dtype(outputs.get(i)), operands.pointer(outputs.get(i)));
        }
        new ReductionPasses(this, text, cooperation).write();
        return text.kernel(outer.count(), KernelText.THREADS / cooperation.threads());
    }

    /** How many threads suit an axis of {@code length} elements: if possible as many as keep what they load. */
    public Kernel.Cooperation cooperation(long length) {
        Kernel.Cooperation cooperation = Kernel.Cooperation.ofLength(length);
        boolean isBlockBetter = cooperation == Kernel.Cooperation.WARP
                && !new RowElements(this, Kernel.Cooperation.WARP).keepsAny()
                && new RowElements(this, Kernel.Cooperation.BLOCK).keepsAny();
        return isBlockBetter ? Kernel.Cooperation.BLOCK : cooperation;
    }

    RowProgram program() {
        return program;
    }

    Axes outer() {
        return outer;
    }

    Axes.Axis along() {
        return along;
    }

    /** An operand of the axes: an input or, after them, an output. */
    Operand view(int view) {
        return view < inputs.size() ? inputs.get(view) : outputs.get(view - inputs.size());
    }

    DType dtype(int view) {
        return operands.dtype(view(view));
    }

    /** Which operand of the axes an output is. */
    int viewOfOutput(int output) {
        return inputs.size() + output;
    }
}
