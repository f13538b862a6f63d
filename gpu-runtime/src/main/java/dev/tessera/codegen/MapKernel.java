package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CopyStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;

/** A row program without reductions: every element is a piece of work of its own. */
public final class MapKernel {
    private static final int AT_ONCE = 4;

    private final RowProgramStep step;
    private final Operands operands;
    private final List<Operand> views;
    private final Axes axes;

    private MapKernel(RowProgramStep step, Operands operands) {
        this.step = step;
        this.operands = operands;
        this.views = new ArrayList<>(step.inputs());
        this.views.addAll(step.outputs());
        List<Dim> dims = new ArrayList<>(step.outer());
        dims.add(step.length());
        this.axes = Axes.merged(operands.axes(views, dims));
    }

    /**
     * The kernel of a step.
     *
     * @throws IllegalArgumentException if the program has reductions
     */
    public static MapKernel of(RowProgramStep step, List<BufferSlot> slots) {
        if (step.program().hasReductions()) {
            throw new IllegalArgumentException("Cannot map elements: the program reduces: " + step.program());
        }
        return new MapKernel(step, new Operands(slots));
    }

    /** The kernel of a copy. */
    public static MapKernel of(CopyStep step, List<BufferSlot> slots) {
        Operand out = step.out();
        int outer = Math.max(0, out.rank() - 1);
        Dim length = out.rank() == 0 ? Dim.ONE : out.dims().get(outer);
        boolean isVector = out.rank() > 0;
        DType dtype = slots.get(out.slot()).dtype();
        RowProgram copy = new RowProgram(
                List.of(new RowProgram.Input(dtype, isVector)), List.of(new RowProgram.Load(0)), List.of(0));
        List<Dim> outerDims = out.dims().subList(0, outer);
        return of(new RowProgramStep(copy, outerDims, length, List.of(step.source()), List.of(out)), slots);
    }

    /** How many elements there are. */
    public Dim work() {
        return axes.count();
    }

    /** Whether four neighbours may be loaded and stored at once, where addresses are multiples of four elements. */
    public boolean canTakeFour() {
        if (axes.rank() != 1) {
            return false;
        }
        List<Dim> strides = axes.axis(0).strides();
        for (int i = 0; i < strides.size(); i++) {
            boolean isWritten = i >= step.inputs().size();
            if (!strides.get(i).isKnown(1) && (isWritten || !strides.get(i).isKnown(0))) {
                return false;
            }
        }
        return true;
    }

    /** The kernel, one element at a time. */
    public Kernel render(Kernel.IndexWidth width) {
        KernelText text = new KernelText("tessera_map", width);
        declareParameters(text);
        Dim count = axes.count();
        Indexing.open(text, "i", text.size(count), 1);
        writeElement(text, "i");
        text.line("}");
        return text.kernel(count, KernelText.THREADS);
    }

    /**
     * The kernel, four elements at a time, what is left over one at a time.
     *
     * @throws IllegalStateException if {@link #canTakeFour} says no
     */
    public Kernel renderFour(Kernel.IndexWidth width) {
        if (!canTakeFour()) {
            throw new IllegalStateException("Cannot take four elements at once of " + step);
        }
        KernelText text = new KernelText("tessera_map4", width);
        declareParameters(text);
        Dim count = axes.count();
        text.line("const index_t fours = %s / %d;".formatted(text.size(count), AT_ONCE));
        Indexing.open(text, "f", "fours", 1);
        writeFour(text);
        text.line("}");
        text.line("const index_t i = fours * %d + ((index_t)blockIdx.x * %d + threadIdx.x);"
                .formatted(AT_ONCE, KernelText.THREADS));
        text.line("if (i < %s) {".formatted(text.size(count)));
        writeElement(text, "i");
        text.line("}");
        return text.kernel(count, KernelText.THREADS * AT_ONCE);
    }

    private void declareParameters(KernelText text) {
        for (int i = 0; i < views.size(); i++) {
            Operand view = views.get(i);
            if (i < step.inputs().size()) {
                // A step may run in place, where a view that is read is one that is written.
                text.source(
                        name(i),
                        operands.dtype(view),
                        operands.pointer(view),
                        !step.outputs().contains(view));
            } else {
                text.target(name(i), operands.dtype(view), operands.pointer(view));
            }
        }
    }

    private String name(int view) {
        int inputs = step.inputs().size();
        return view < inputs ? "x" + view : "y" + (view - inputs);
    }

    private void writeElement(KernelText text, String index) {
        Indexing indexing = new Indexing(axes, text);
        indexing.declareCoordinates(index);
        writeValues(text, input -> "x%d[%s]".formatted(input, indexing.offset(input)));
        for (int output = 0; output < step.outputs().size(); output++) {
            int view = step.inputs().size() + output;
            text.line("y%d[%s] = v%d;".formatted(output, indexing.offset(view), returned(output)));
        }
    }

    private void writeFour(KernelText text) {
        for (int i = 0; i < step.inputs().size(); i++) {
            if (variesAlongAxis(i)) {
                String type = "Four<%s>".formatted(KernelText.type(operands.dtype(views.get(i))));
                text.line("const %s p%d = *reinterpret_cast<const %s*>(x%d + f * %d);"
                        .formatted(type, i, type, i, AT_ONCE));
            }
        }
        for (int output = 0; output < step.outputs().size(); output++) {
            text.line("Four<%s> q%d;".formatted(outputType(output), output));
        }
        text.line("#pragma unroll");
        text.line("for (int j = 0; j < %d; j++) {".formatted(AT_ONCE));
        writeValues(text, input -> variesAlongAxis(input) ? "p%d.at[j]".formatted(input) : "x%d[0]".formatted(input));
        for (int output = 0; output < step.outputs().size(); output++) {
            text.line("q%d.at[j] = v%d;".formatted(output, returned(output)));
        }
        text.line("}");
        for (int output = 0; output < step.outputs().size(); output++) {
            text.line("*reinterpret_cast<Four<%s>*>(y%d + f * %d) = q%d;"
                    .formatted(outputType(output), output, AT_ONCE, output));
        }
    }

    private void writeValues(KernelText text, IntFunction<String> load) {
        BitSet all = new BitSet();
        all.set(0, step.program().instructions().size());
        new ProgramText(step.program(), text).declare(all, load);
    }

    private boolean variesAlongAxis(int view) {
        return !axes.axis(0).strides().get(view).isKnown(0);
    }

    private String outputType(int output) {
        return KernelText.type(operands.dtype(step.outputs().get(output)));
    }

    private int returned(int output) {
        return step.program().outputs().get(output);
    }
}
