package dev.tessera.codegen;

import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/** The text that turns a linear index over merged axes into an offset of each operand. */
final class Indexing {
    private final Axes axes;
    private final KernelText text;

    Indexing(Axes axes, KernelText text) {
        this.axes = axes;
        this.text = text;
    }

    /** Opens a loop over all pieces of work, in strides of the grid; {@code threads} threads share one. */
    static void open(KernelText text, String index, String count, int threads) {
        String thread = "((index_t)blockIdx.x * %d + threadIdx.x)".formatted(KernelText.THREADS);
        String share = threads == 1 ? "" : " / " + threads;
        text.line("const index_t step = (index_t)gridDim.x * %d;".formatted(KernelText.THREADS / threads));
        text.line(
                "for (index_t %s = %s%s; %s < %s; %s += step) {".formatted(index, thread, share, index, count, index));
    }

    /** Declares the coordinates {@code c0, c1, ...} of a linear index. */
    void declareCoordinates(String index) {
        String rest = index;
        for (int axis = axes.rank() - 1; axis >= 1; axis--) {
            String size = text.size(axes.axis(axis).size());
            text.line("const index_t c%d = %s %% %s;".formatted(axis, rest, size));
            text.line("const index_t r%d = %s / %s;".formatted(axis, rest, size));
            rest = "r" + axis;
        }
        if (axes.rank() > 0) {
            text.line("const index_t c0 = %s;".formatted(rest));
        }
    }

    /** The offset of an operand at the coordinates. */
    String offset(int operand) {
        List<String> terms = new ArrayList<>();
        for (int axis = 0; axis < axes.rank(); axis++) {
            Dim stride = axes.axis(axis).strides().get(operand);
            if (!stride.isKnown(0)) {
                terms.add(stride.isKnown(1) ? "c" + axis : "c%d * %s".formatted(axis, factor(stride)));
            }
        }
        return terms.isEmpty() ? "0" : String.join(" + ", terms);
    }

    private String factor(Dim stride) {
        String size = text.size(stride);
        return size.startsWith("-") ? "(" + size + ")" : size;
    }
}
