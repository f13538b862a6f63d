package dev.tessera.codegen;

import dev.tessera.tensor.Dim;
import java.util.List;

/**
 * A kernel: its text, what it is called with, and how it is launched.
 *
 * <p>Every kernel walks its work in strides of the whole grid, so that any number of blocks is right; a launch of no work
 * is left out.
 *
 * @param name the function in {@code source}, which is CUDA C for NVRTC
 * @param arguments in order; a pointer or a 64-bit integer each
 * @param work how many pieces of work there are, an expression of the plan's dims and of {@link #ROWS}
 * @param workPerBlock how many pieces a block does before it strides on
 * @param threadsPerBlock what the kernel is written for
 */
public record Kernel(
        String name, String source, List<Argument> arguments, Dim work, int workPerBlock, int threadsPerBlock) {
    /** The rows of the batch, in the expressions of a kernel. No dim of a user has this name. */
    public static final Dim ROWS = Dim.named("$rows");

    public Kernel {
        arguments = List.copyOf(arguments);
    }

    /** What a kernel is called with. */
    public sealed interface Argument permits Pointer, Size, RowStatus {}

    /** The address of an element: {@code offset} elements from the start of a slot. */
    public record Pointer(int slot, Dim offset) implements Argument {}

    /** A 64-bit integer. */
    public record Size(Dim value) implements Argument {}

    /**
     * The address of two 64-bit integers per row, zeros at first: which check refused the row, counted from 1, and the
     * value that it refused.
     */
    public record RowStatus() implements Argument {}

    /** How wide the integers are that index elements. */
    public enum IndexWidth {
        /** For work and offsets below 2^30, so that a stride of the grid beyond the end still fits. */
        NARROW("int"),
        WIDE("long long");

        private final String type;

        IndexWidth(String type) {
            this.type = type;
        }

        String type() {
            return type;
        }
    }

    /** How many threads share one index of the outer axes. */
    public enum Cooperation {
        THREAD(1),
        WARP(32),
        BLOCK(KernelText.THREADS);

        private final int threads;

        Cooperation(int threads) {
            this.threads = threads;
        }

        int threads() {
            return threads;
        }

        /** What suits an axis of {@code length} elements. */
        public static Cooperation ofLength(long length) {
            return length <= 16 ? THREAD : length <= 2048 ? WARP : BLOCK;
        }
    }
}
