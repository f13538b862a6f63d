package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.Operand;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.TopKStep;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;

/** The largest elements, in order: a warp looks k times for the largest of what comes after the one before. */
public final class TopKKernel {
    private static final int LANES = 32;

    private final TopKStep step;
    private final Operands operands;

    private TopKKernel(TopKStep step, Operands operands) {
        this.step = step;
        this.operands = operands;
    }

    public static TopKKernel of(TopKStep step, List<BufferSlot> slots) {
        return new TopKKernel(step, new Operands(slots));
    }

    /** How many axes are searched. */
    public Dim work() {
        return outer().count();
    }

    public Kernel render(Kernel.IndexWidth width) {
        int last = step.source().rank() - 1;
        DType dtype = operands.dtype(step.source());
        KernelText text = new KernelText("tessera_topk", width);
        text.source("x", dtype, operands.pointer(step.source()), true);
        text.target("y", dtype, operands.pointer(step.values()));
        text.target("p", DType.INT64, operands.pointer(step.indices()));
        Axes outer = outer();
        Indexing indexing = new Indexing(outer, text);
        text.line("const int lane = threadIdx.x % 32;");
        Indexing.open(text, "i", text.size(outer.count()), LANES);
        indexing.declareCoordinates("i");
        for (int view = 0; view < 3; view++) {
            text.line("const index_t o%d = %s;".formatted(view, indexing.offset(view)));
        }
        ReductionText largest = new ReductionText(ReduceOp.ARGMAX, dtype);
        text.line("%s last = %s;".formatted(largest.type(), largest.identity()));
        text.line("for (index_t n = 0; n < %s; n++) {"
                .formatted(text.size(step.values().dims().get(last))));
        writeSearch(text, largest);
        text.line("if (lane == 0) {");
        text.line("y[o1 + n * (%s)] = best.value;"
                .formatted(text.size(step.values().strides().get(last))));
        text.line("p[o2 + n * (%s)] = best.position;"
                .formatted(text.size(step.indices().strides().get(last))));
        text.line("}");
        text.line("last = best;");
        text.line("}");
        text.line("}");
        return text.kernel(outer.count(), KernelText.THREADS / LANES);
    }

    private Axes outer() {
        List<Operand> views = List.of(step.source(), step.values(), step.indices());
        int last = step.source().rank() - 1;
        return Axes.merged(operands.axes(views, step.source().dims().subList(0, last)));
    }

    private void writeSearch(KernelText text, ReductionText largest) {
        int axis = step.source().rank() - 1;
        text.line("%s best = %s;".formatted(largest.type(), largest.identity()));
        text.line("for (index_t k = lane; k < %s; k += %d) {"
                .formatted(text.size(step.source().dims().get(axis)), LANES));
        String element =
                "x[o0 + k * (%s)]".formatted(text.size(step.source().strides().get(axis)));
        text.line("const %s found = %s;".formatted(largest.type(), largest.element(element, "k")));
        text.line("const bool is_next = is_level(found.value, last.value) && found.position > last.position;");
        text.line("if (last.position < 0 || is_next || is_above(last.value, found.value)) {");
        text.line("best = %s;".formatted(largest.combined("best", "found")));
        text.line("}");
        text.line("}");
        text.line("#pragma unroll");
        text.line("for (int mask = 16; mask > 0; mask /= 2) {");
        text.line("best = %s;".formatted(largest.combined("best", "exchange(best, mask)")));
        text.line("}");
    }
}
