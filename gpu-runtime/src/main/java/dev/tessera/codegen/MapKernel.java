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

    /**
     * Whether four neighbours along the last axis may be loaded and stored at once, where operands begin at multiples of
     * four elements.
     */
    public boolean canTakeFour() {
        int last = axes.rank() - 1;
        if (last < 0 || (last > 0 && !Fours.areIn(axes.axis(last).size()))) {
            return false;
        }
        for (int view = 0; view < views.size(); view++) {
            boolean isRepeated = view < step.inputs().size() && !variesAlongLast(view);
            if (!isRepeated && !Fours.areAlong(axes, last, view)) {
                return false;
            }
        }
        return true;
    }

    /** Whether some inputs have their neighbours along another axis than the outputs, so that squares pay. */
    public boolean canTile() {
        return !tiles().isEmpty();
    }

    private List<TiledMap> tiles() {
        return TiledMap.of(axes, step.inputs().size(), views.size());
    }

    /**
     * The sizes of the two axes that {@link #renderTiled} cuts squares of 32 x 32 from.
     *
     * @throws IllegalStateException if {@link #canTile} says no
     */
    public List<Dim> tileSides() {
        return requireTiles().sides();
    }

    private TiledMap requireTiles() {
        return tiles().stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Cannot cut squares of " + step));
    }

    /** The kernel, a square of elements at a time, what is turned round passing through shared memory. */
    public Kernel renderTiled(Kernel.IndexWidth width) {
        TiledMap tiles = requireTiles();
        KernelText text = new KernelText("tessera_map_tiled", width);
        declareParameters(text);
        Indexing indexing = new Indexing(axes, text);
        List<DType> dtypes = views.stream().map(operands::dtype).toList();
        tiles.write(
                text,
                dtypes,
                () -> writeElement(
                        text,
                        indexing,
                        input -> tiles.isTiled(input)
                                ? "s%d[column][j]".formatted(input)
                                : "x%d[%s]".formatted(input, indexing.offset(input))));
        return text.kernel(tiles.work(), 1);
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
        Axes fours = axesOfFours();
        boolean isWhole = axes.rank() > 1;
        String size = text.size(axes.count());
        text.line("const index_t fours = %s / %d;".formatted(size, Fours.COUNT));
        Indexing.open(text, "f", "fours", 1);
        writeFour(text, fours);
        text.line("}");
        if (!isWhole) {
            text.line("const index_t i = fours * %d + ((index_t)blockIdx.x * %d + threadIdx.x);"
                    .formatted(Fours.COUNT, KernelText.THREADS));
            text.line("if (i < %s) {".formatted(size));
            writeElement(text, "i");
            text.line("}");
        }
        return text.kernel(axes.count(), KernelText.THREADS * Fours.COUNT);
    }

    /** The axes, the last in steps of four elements. */
    private Axes axesOfFours() {
        List<Axes.Axis> all = new ArrayList<>();
        for (int axis = 0; axis < axes.rank() - 1; axis++) {
            all.add(axes.axis(axis));
        }
        Axes.Axis last = axes.axis(axes.rank() - 1);
        List<Dim> strides =
                last.strides().stream().map(stride -> stride.times(Fours.COUNT)).toList();
        all.add(new Axes.Axis(last.size().floorDivide(Fours.COUNT), strides));
        return Axes.of(all);
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
        writeElement(text, indexing, input -> "x%d[%s]".formatted(input, indexing.offset(input)));
    }

    private void writeElement(KernelText text, Indexing indexing, IntFunction<String> load) {
        writeValues(text, load);
        for (int output = 0; output < step.outputs().size(); output++) {
            int view = step.inputs().size() + output;
            text.line("y%d[%s] = v%d;".formatted(output, indexing.offset(view), returned(output)));
        }
    }

    private void writeFour(KernelText text, Axes fours) {
        Indexing indexing = new Indexing(fours, text);
        indexing.declareCoordinates("f");
        for (int i = 0; i < step.inputs().size(); i++) {
            if (variesAlongLast(i)) {
                String type = KernelText.type(operands.dtype(views.get(i)));
                String address = "x%d + %s".formatted(i, indexing.offset(i));
                text.line("const Four<%s> p%d = %s;".formatted(type, i, Fours.at(type, address, true)));
            }
        }
        for (int output = 0; output < step.outputs().size(); output++) {
            text.line("Four<%s> q%d;".formatted(outputType(output), output));
        }
        text.line("#pragma unroll");
        text.line("for (int j = 0; j < %d; j++) {".formatted(Fours.COUNT));
        writeValues(
                text,
                input -> variesAlongLast(input)
                        ? "p%d.at[j]".formatted(input)
                        : "x%d[%s]".formatted(input, indexing.offset(input)));
        for (int output = 0; output < step.outputs().size(); output++) {
            text.line("q%d.at[j] = v%d;".formatted(output, returned(output)));
        }
        text.line("}");
        for (int output = 0; output < step.outputs().size(); output++) {
            String address =
                    "y%d + %s".formatted(output, indexing.offset(step.inputs().size() + output));
            text.line("%s = q%d;".formatted(Fours.at(outputType(output), address, false), output));
        }
    }

    private void writeValues(KernelText text, IntFunction<String> load) {
        BitSet all = new BitSet();
        all.set(0, step.program().instructions().size());
        new ProgramText(step.program(), text).declare(all, load);
    }

    private boolean variesAlongLast(int view) {
        return !axes.axis(axes.rank() - 1).strides().get(view).isKnown(0);
    }

    private String outputType(int output) {
        return KernelText.type(operands.dtype(step.outputs().get(output)));
    }

    private int returned(int output) {
        return step.program().outputs().get(output);
    }
}
