package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.CumulativeSumStep;
import dev.tessera.plan.Operand;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/** Running sums: a warp goes along the axis 32 elements at a time. Those of float32 are carried in double. */
public final class ScanKernel {
    private static final int LANES = 32;

    private final CumulativeSumStep step;
    private final Operands operands;

    private ScanKernel(CumulativeSumStep step, Operands operands) {
        this.step = step;
        this.operands = operands;
    }

    public static ScanKernel of(CumulativeSumStep step, List<BufferSlot> slots) {
        return new ScanKernel(step, new Operands(slots));
    }

    /** How many axes are summed along. */
    public Dim work() {
        return outer().count();
    }

    public Kernel render(Kernel.IndexWidth width) {
        DType dtype = operands.dtype(step.source());
        String sum = dtype == DType.FLOAT32 ? "double" : KernelText.type(dtype);
        KernelText text = new KernelText("tessera_cumsum", width);
        text.source("x", dtype, operands.pointer(step.source()), true);
        text.target("y", dtype, operands.pointer(step.out()));
        Axes outer = outer();
        Indexing indexing = new Indexing(outer, text);
        text.line("const int lane = threadIdx.x % 32;");
        Indexing.open(text, "i", text.size(outer.count()), LANES);
        indexing.declareCoordinates("i");
        text.line("const index_t from = %s;".formatted(indexing.offset(0)));
        text.line("const index_t to = %s;".formatted(indexing.offset(1)));
        String length = text.size(step.source().dims().get(step.axis()));
        text.line("%s carried = 0;".formatted(sum));
        text.line("for (index_t first = 0; first < %s; first += %d) {".formatted(length, LANES));
        text.line("const index_t k = first + lane;");
        String sourceStride = text.size(step.source().strides().get(step.axis()));
        text.line("%s t = k < %s ? (%s)x[from + k * (%s)] : 0;".formatted(sum, length, sum, sourceStride));
        text.line("#pragma unroll");
        text.line("for (int distance = 1; distance < 32; distance *= 2) {");
        text.line("const %s before = __shfl_up_sync(0xffffffffu, t, distance);".formatted(sum));
        text.line("t = lane >= distance ? op_add(before, t) : t;");
        text.line("}");
        text.line("t = op_add(carried, t);");
        text.line("if (k < %s) {".formatted(length));
        text.line("y[to + k * (%s)] = (%s)t;"
                .formatted(text.size(step.out().strides().get(step.axis())), KernelText.type(dtype)));
        text.line("}");
        text.line("carried = __shfl_sync(0xffffffffu, t, 31);");
        text.line("}");
        text.line("}");
        return text.kernel(outer.count(), KernelText.THREADS / LANES);
    }

    private Axes outer() {
        List<Operand> views = List.of(step.source(), step.out());
        List<Axes.Axis> outer = new ArrayList<>(operands.rowAxis(views));
        for (int axis = 0; axis < step.source().rank(); axis++) {
            if (axis != step.axis()) {
                outer.add(new Axes.Axis(step.source().dims().get(axis), Operands.strides(views, axis)));
            }
        }
        return Axes.merged(outer);
    }
}
