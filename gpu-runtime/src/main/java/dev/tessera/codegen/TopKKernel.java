package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.Operand;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.TopKStep;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.List;

/**
 * The largest elements, in order: a warp looks k times for the largest of what comes after the one before; or, where k is
 * large and the axis short, a block sorts all of them in shared memory.
 */
public final class TopKKernel {
    /** The longest axis that can be sorted: elements of 8 bytes with their positions are 48 KiB. */
    public static final int MOST_SORTED = 4096;

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

    /** How long the axis is. */
    public Dim length() {
        return step.source().dims().get(step.source().rank() - 1);
    }

    /** How many elements are wanted. */
    public Dim count() {
        return step.values().dims().get(step.values().rank() - 1);
    }

    /**
     * The kernel that sorts.
     *
     * @param capacity a power of two from 2 to {@link #MOST_SORTED}, not below the length
     */
    public Kernel renderSorted(Kernel.IndexWidth width, int capacity) {
        int last = step.source().rank() - 1;
        KernelText text = declared("tessera_topk_sort", width);
        Axes outer = outer();
        Indexing indexing = new Indexing(outer, text);
        String type = KernelText.type(operands.dtype(step.source()));
        text.line("__shared__ %s values[%d];".formatted(type, capacity));
        text.line("__shared__ int positions[%d];".formatted(capacity));
        Indexing.open(text, "i", text.size(outer.count()), KernelText.THREADS);
        indexing.declareCoordinates("i");
        for (int view = 0; view < 3; view++) {
            text.line("const index_t o%d = %s;".formatted(view, indexing.offset(view)));
        }
        String stride = text.size(step.source().strides().get(last));
        SORT.formatted(capacity, KernelText.THREADS, text.size(length()), stride)
                .lines()
                .forEach(text::line);
        text.line("for (index_t n = threadIdx.x; n < %s; n += %d) {".formatted(text.size(count()), KernelText.THREADS));
        text.line("y[o1 + n * (%s)] = values[n];"
                .formatted(text.size(step.values().strides().get(last))));
        text.line("p[o2 + n * (%s)] = positions[n];"
                .formatted(text.size(step.indices().strides().get(last))));
        text.line("}");
        text.line("__syncthreads();");
        text.line("}");
        return text.kernel(outer.count(), 1);
    }

    /** A bitonic sort, the largest first; what fills up to the capacity has no position and comes last. */
    private static final String SORT = """
        for (int e = threadIdx.x; e < %1$d; e += %2$d) {
        const bool is_inside = e < %3$s;
        values[e] = is_inside ? x[o0 + (index_t)e * (%4$s)] : 0;
        positions[e] = is_inside ? e : -1;
        }
        for (int size = 2; size <= %1$d; size *= 2) {
        for (int stride = size / 2; stride > 0; stride /= 2) {
        __syncthreads();
        for (int e = threadIdx.x; e < %1$d / 2; e += %2$d) {
        const int low = 2 * e - (e & (stride - 1));
        const int high = low + stride;
        const bool is_descending = (low & size) == 0;
        const int before = is_descending ? low : high;
        const int after = is_descending ? high : low;
        const bool is_level = !is_above(values[before], values[after]) && !is_above(values[after], values[before]);
        const bool is_after = is_level ? positions[after] < positions[before] : is_above(values[after], values[before]);
        if (positions[after] >= 0 && (positions[before] < 0 || is_after)) {
        const auto value = values[low];
        values[low] = values[high];
        values[high] = value;
        const int position = positions[low];
        positions[low] = positions[high];
        positions[high] = position;
        }
        }
        }
        }
        __syncthreads();
        """;

    private KernelText declared(String name, Kernel.IndexWidth width) {
        DType dtype = operands.dtype(step.source());
        KernelText text = new KernelText(name, width);
        text.source("x", dtype, operands.pointer(step.source()), true);
        text.target("y", dtype, operands.pointer(step.values()));
        text.target("p", DType.INT64, operands.pointer(step.indices()));
        return text;
    }

    public Kernel render(Kernel.IndexWidth width) {
        int last = step.source().rank() - 1;
        DType dtype = operands.dtype(step.source());
        KernelText text = declared("tessera_topk", width);
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
