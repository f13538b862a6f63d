package dev.tessera.codegen;

import dev.tessera.plan.RowProgram;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * How the threads that share an index of the outer axes share the elements along the axis: one or four neighbours at a time;
 * and which inputs they keep in registers from one pass to the next, where each has few elements.
 */
final class RowElements {
    private static final int MOST_KEPT_ELEMENTS = 16;
    private static final int MOST_KEPT_WORDS = 32;

    private final ReduceKernel kernel;
    private final RowProgram program;
    private final int threads;
    private final boolean takesFour;
    private final BitSet kept;

    RowElements(ReduceKernel kernel, Kernel.Cooperation cooperation) {
        this.kernel = kernel;
        this.program = kernel.program();
        this.threads = cooperation.threads();
        this.takesFour = canTakeFour();
        this.kept = canKeep() ? readAgain() : new BitSet();
    }

    private boolean canTakeFour() {
        Dim length = kernel.along().size();
        boolean isLong = !length.isKnown() || length.size() >= 2L * threads;
        boolean anyVector = false;
        for (int input = 0; input < program.inputs().size(); input++) {
            if (varies(input)) {
                anyVector = true;
                if (!hasFours(input)) {
                    return false;
                }
            }
        }
        return anyVector && isLong && Fours.areIn(length);
    }

    /** Whether fours of an operand are neighbours at multiples of four. */
    private boolean hasFours(int view) {
        List<Axes.Axis> axes = new ArrayList<>(List.of(kernel.along()));
        for (int axis = 0; axis < kernel.outer().rank(); axis++) {
            axes.add(kernel.outer().axis(axis));
        }
        return Fours.areAlong(Axes.of(axes), 0, view)
                && Fours.areIn(kernel.view(view).offset());
    }

    private boolean varies(int input) {
        return program.inputs().get(input).isVector() && !stride(input).isKnown(0);
    }

    private boolean canKeep() {
        if (!kernel.along().size().isKnown() || kernel.along().size().isKnown(0)) {
            return false;
        }
        long words = 0;
        BitSet again = readAgain();
        for (int input = again.nextSetBit(0); input >= 0; input = again.nextSetBit(input + 1)) {
            words += Math.max(1, kernel.dtype(input).widthInBytes() / 4);
        }
        long elements = rounds() * atOnce();
        return elements <= MOST_KEPT_ELEMENTS && elements * words <= MOST_KEPT_WORDS;
    }

    /** The vectors that more than one pass loads. */
    private BitSet readAgain() {
        List<RowProgram.Value> values = program.values();
        BitSet once = new BitSet();
        BitSet again = new BitSet();
        int stages = values.stream().mapToInt(RowProgram.Value::stage).max().orElse(0);
        for (int stage = 1; stage <= stages + 1; stage++) {
            BitSet loaded = loadedIn(stage, stages, values);
            BitSet both = (BitSet) loaded.clone();
            both.and(once);
            again.or(both);
            once.or(loaded);
        }
        return again;
    }

    /** What the pass of a stage loads; the one after the last stores. */
    private BitSet loadedIn(int stage, int stages, List<RowProgram.Value> values) {
        List<Integer> wanted = new ArrayList<>();
        for (int value = 0; value < values.size(); value++) {
            boolean isOfStage = values.get(value).stage() == stage;
            if (isOfStage && program.instructions().get(value) instanceof RowProgram.Reduce reduce) {
                wanted.add(reduce.argument());
            }
        }
        return loadedBy(ProgramText.vectorsFor(program, values, stage > stages ? program.outputs() : wanted));
    }

    /** The inputs that vary along the axis among what values load. */
    private BitSet loadedBy(BitSet needed) {
        BitSet loaded = new BitSet();
        for (int value = needed.nextSetBit(0); value >= 0; value = needed.nextSetBit(value + 1)) {
            if (program.instructions().get(value) instanceof RowProgram.Load load && varies(load.input())) {
                loaded.set(load.input());
            }
        }
        return loaded;
    }

    boolean keepsAny() {
        return !kept.isEmpty();
    }

    private int atOnce() {
        return takesFour ? Fours.COUNT : 1;
    }

    /** How often a thread takes elements, if the length is known. */
    private long rounds() {
        long perRound = (long) threads * atOnce();
        return (kernel.along().size().size() + perRound - 1) / perRound;
    }

    private boolean isEven() {
        return kernel.along().size().size() % ((long) threads * atOnce()) == 0;
    }

    /** Loads what is kept. */
    void keep(KernelText text) {
        if (!keepsAny()) {
            return;
        }
        for (int input = kept.nextSetBit(0); input >= 0; input = kept.nextSetBit(input + 1)) {
            String type = type(input);
            text.line("%s g%d[%d];".formatted(takesFour ? "Four<" + type + ">" : type, input, rounds()));
        }
        openRounds(text);
        for (int input = kept.nextSetBit(0); input >= 0; input = kept.nextSetBit(input + 1)) {
            text.line("g%d[j] = %s;".formatted(input, takesFour ? fourOf(input) : elementOf(text, input)));
        }
        closeRounds(text);
    }

    /** Opens a pass in which {@code k} goes over a thread's elements and values {@code declared} are needed. */
    void open(KernelText text, BitSet declared, List<Integer> stored) {
        openRounds(text);
        if (!takesFour) {
            return;
        }
        BitSet loaded = loadedBy(declared);
        for (int input = loaded.nextSetBit(0); input >= 0; input = loaded.nextSetBit(input + 1)) {
            if (isLoadedInFours(input)) {
                text.line("const Four<%s> p%d = %s;".formatted(type(input), input, fourOf(input)));
            }
        }
        for (int output : stored) {
            if (isStoredInFours(output)) {
                text.line("Four<%s> q%d;".formatted(type(kernel.viewOfOutput(output)), output));
            }
        }
        text.line("#pragma unroll");
        text.line("for (int e = 0; e < %d; e++) {".formatted(Fours.COUNT));
        text.line("const index_t k = first + e;");
    }

    void close(KernelText text, List<Integer> stored) {
        if (takesFour) {
            text.line("}");
            for (int output : stored) {
                if (isStoredInFours(output)) {
                    int view = kernel.viewOfOutput(output);
                    String address = "y%d + o%d + first".formatted(output, view);
                    text.line("%s = q%d;".formatted(Fours.at(type(view), address, false), output));
                }
            }
        }
        closeRounds(text);
    }

    private void openRounds(KernelText text) {
        String index = takesFour ? "first" : "k";
        String lane = threads == 1 ? "0" : takesFour ? "%d * lane".formatted(Fours.COUNT) : "lane";
        String length = text.size(kernel.along().size());
        int stride = threads * atOnce();
        if (keepsAny()) {
            text.line("#pragma unroll");
            text.line("for (int j = 0; j < %d; j++) {".formatted(rounds()));
            text.line("const index_t %s = %s + j * %d;".formatted(index, lane, stride));
            if (!isEven()) {
                text.line("if (%s < %s) {".formatted(index, length));
            }
        } else {
            text.line(
                    "for (index_t %s = %s; %s < %s; %s += %d) {".formatted(index, lane, index, length, index, stride));
        }
    }

    private void closeRounds(KernelText text) {
        if (keepsAny() && !isEven()) {
            text.line("}");
        }
        text.line("}");
    }

    /** The text of an element of an input, or of a scalar. */
    String load(KernelText text, int input) {
        if (kept.get(input)) {
            return takesFour ? "g%d[j].at[e]".formatted(input) : "g%d[j]".formatted(input);
        }
        return isLoadedInFours(input) ? "p%d.at[e]".formatted(input) : elementOf(text, input);
    }

    /** Where an element of an output goes. */
    String target(KernelText text, int output) {
        int view = kernel.viewOfOutput(output);
        return isStoredInFours(output)
                ? "q%d.at[e]".formatted(output)
                : "y%d[o%d%s]".formatted(output, view, along(text, view));
    }

    private boolean isLoadedInFours(int input) {
        return takesFour && varies(input) && !kept.get(input);
    }

    private boolean isStoredInFours(int output) {
        return takesFour && hasFours(kernel.viewOfOutput(output));
    }

    private String fourOf(int input) {
        return Fours.at(type(input), "x%d + o%d + first".formatted(input, input), true);
    }

    private String elementOf(KernelText text, int input) {
        return "x%d[o%d%s]".formatted(input, input, along(text, input));
    }

    /** How far along the axis an element is from the first, as a term to add. */
    private String along(KernelText text, int view) {
        Dim stride = stride(view);
        return stride.isKnown(0) ? "" : stride.isKnown(1) ? " + k" : " + k * (%s)".formatted(text.size(stride));
    }

    private Dim stride(int view) {
        return kernel.along().strides().get(view);
    }

    private String type(int view) {
        DType dtype = kernel.dtype(view);
        return KernelText.type(dtype);
    }
}
