package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.GatherStep;
import dev.tessera.plan.Operand;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/** A gather: one kernel that finds the first index of a row that is out of range, and one that copies elements. */
public final class GatherKernel {
    private static final int SOURCE = 0;
    private static final int INDICES = 1;
    private static final int OUT = 2;

    private final GatherStep step;
    private final Operands operands;
    private final List<Operand> views;

    private GatherKernel(GatherStep step, Operands operands) {
        this.step = step;
        this.operands = operands;
        this.views = List.of(step.source(), step.indices(), step.out());
    }

    public static GatherKernel of(GatherStep step, List<BufferSlot> slots) {
        return new GatherKernel(step, new Operands(slots));
    }

    /** How many elements are copied. */
    public Dim work() {
        return axesOfElements().count();
    }

    /** Copies the elements; in place of those of an index that is out of range, zeros. */
    public Kernel render(Kernel.IndexWidth width) {
        KernelText text = new KernelText("tessera_gather", width);
        text.source("x", operands.dtype(step.source()), operands.pointer(step.source()), true);
        declareIndices(text);
        text.target("y", operands.dtype(step.out()), operands.pointer(step.out()));
        Axes axes = axesOfElements();
        Indexing indexing = new Indexing(axes, text);
        Indexing.open(text, "e", text.size(axes.count()), 1);
        indexing.declareCoordinates("e");
        text.line("const int64 given = i[%s];".formatted(indexing.offset(INDICES)));
        String size = text.size(axisSize());
        text.line("const int64 position = given < 0 ? given + %s : given;".formatted(size));
        text.line("const bool is_inside = position >= 0 && position < %s;".formatted(size));
        String stride = text.size(step.source().strides().get(step.axis()));
        text.line("y[%s] = is_inside ? x[%s + (index_t)position * (%s)] : 0;"
                .formatted(indexing.offset(OUT), indexing.offset(SOURCE), stride));
        text.line("}");
        return text.kernel(axes.count(), KernelText.THREADS);
    }

    /**
     * Marks every row that has an index out of range with {@code check} and the first such index, unless it is marked.
     * A step whose indices are the same for all rows marks all of them.
     */
    public Kernel renderCheck(int check, Kernel.IndexWidth width) {
        KernelText text = new KernelText("tessera_check_indices", width);
        declareIndices(text);
        text.rowStatus("status");
        List<Axes.Axis> axes = new ArrayList<>();
        for (int axis = 0; axis < step.indices().rank(); axis++) {
            axes.add(new Axes.Axis(
                    step.indices().dims().get(axis),
                    List.of(step.indices().strides().get(axis))));
        }
        Axes merged = Axes.merged(axes);
        Indexing indexing = new Indexing(merged, text);
        Indexing.open(text, "row", text.size(Kernel.ROWS), 1);
        text.line("bool is_marked = status[2 * row] != 0;");
        text.line("for (index_t e = 0; e < %s && !is_marked; e++) {".formatted(text.size(merged.count())));
        indexing.declareCoordinates("e");
        text.line("const int64 given = i[row * (%s) + %s];"
                .formatted(text.size(operands.rowStride(step.indices())), indexing.offset(0)));
        String size = text.size(axisSize());
        text.line("if (given >= %s || given < -(%s)) {".formatted(size, size));
        text.line("status[2 * row] = %d;".formatted(check));
        text.line("status[2 * row + 1] = given;");
        text.line("is_marked = true;");
        text.line("}");
        text.line("}");
        text.line("}");
        return text.kernel(Kernel.ROWS, KernelText.THREADS);
    }

    /** The size of the axis that indices point into. */
    public Dim axisSize() {
        return step.source().dims().get(step.axis());
    }

    private void declareIndices(KernelText text) {
        text.source("i", operands.dtype(step.indices()), operands.pointer(step.indices()), true);
    }

    /** The axes of the result, along which the source has no stride of its own where the indices have theirs. */
    private Axes axesOfElements() {
        int axis = step.axis();
        int indexRank = step.indices().rank();
        List<Axes.Axis> axes = new ArrayList<>(operands.rowAxis(views));
        for (int i = 0; i < step.out().rank(); i++) {
            boolean isIndexed = i >= axis && i < axis + indexRank;
            int sourceAxis = i < axis ? i : i - indexRank + 1;
            Dim sourceStride = isIndexed ? Dim.ZERO : step.source().strides().get(sourceAxis);
            Dim indexStride = isIndexed ? step.indices().strides().get(i - axis) : Dim.ZERO;
            Dim outStride = step.out().strides().get(i);
            axes.add(new Axes.Axis(step.out().dims().get(i), List.of(sourceStride, indexStride, outStride)));
        }
        return Axes.merged(axes);
    }
}
