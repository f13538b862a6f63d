package dev.tessera.codegen;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The text of a map of which some inputs have their neighbours along another axis than the outputs: a block loads squares
 * of those inputs along their axis into shared memory, and computes along that of the outputs, so that neighbouring threads
 * touch neighbouring elements in both. Rows of a square are one element apart more than its side, so that neither way two
 * threads of a warp meet in a bank.
 */
final class TiledMap {
    /** The side of a square. */
    static final int SIDE = 32;

    private static final int ROWS_AT_ONCE = KernelText.THREADS / SIDE;

    /** More squares do not fit into 48 KiB of shared memory with the widest elements. */
    private static final int MOST_INPUTS = 5;

    private final Axes axes;
    private final int along;
    private final int across;
    private final BitSet tiled;

    private TiledMap(Axes axes, int along, int across, BitSet tiled) {
        this.axes = axes;

        this.along = along;
        this.across = across;
        this.tiled = tiled;
    }

    /** The squares of a map, of which the operands are {@code inputs} inputs, then outputs; empty if there are none. */
    static List<TiledMap> of(Axes axes, int inputs, int operands) {
        for (int along = axes.rank() - 1; along >= 0; along--) {
            if (areNeighbours(axes, along, inputs, operands)) {
                for (int across = axes.rank() - 1; across >= 0; across--) {
                    BitSet tiled = turned(axes, along, across, inputs);
                    if (!tiled.isEmpty() && tiled.cardinality() <= MOST_INPUTS) {
                        return List.of(new TiledMap(axes, along, across, tiled));
                    }
                }
            }
        }
        return List.of();
    }

    private static boolean areNeighbours(Axes axes, int axis, int first, int last) {
        for (int operand = first; operand < last; operand++) {
            if (!axes.axis(axis).strides().get(operand).isKnown(1)) {
                return false;
            }
        }
        return true;
    }

    /** The inputs whose neighbours are along {@code across}. */
    private static BitSet turned(Axes axes, int along, int across, int inputs) {
        BitSet turned = new BitSet(inputs);
        for (int input = 0; input < inputs; input++) {
            Dim stride = axes.axis(along).strides().get(input);
            boolean isTurned = across != along && !stride.isKnown(0) && !stride.isKnown(1);
            turned.set(input, isTurned && axes.axis(across).strides().get(input).isKnown(1));
        }
        return turned;
    }

    /** The sizes of the two axes that squares are cut from. */
    List<Dim> sides() {
        return List.of(axes.axis(across).size(), axes.axis(along).size());
    }

    /** How many squares there are. */
    Dim work() {
        Dim work = Dim.ONE;
        for (int axis = 0; axis < axes.rank(); axis++) {
            Dim size = axes.axis(axis).size();
            work = work.times(axis == along || axis == across ? size.ceilDivide(SIDE) : size);
        }
        return work;
    }

    /** Whether an input is read through shared memory, where the square of input i is {@code s}i. */
    boolean isTiled(int input) {
        return tiled.get(input);
    }

    /** Writes the loop over squares around {@code element}, which computes at the coordinates. */
    void write(KernelText text, List<DType> dtypes, Runnable element) {
        Indexing indexing = new Indexing(axes, text);
        for (int input = tiled.nextSetBit(0); input >= 0; input = tiled.nextSetBit(input + 1)) {
            text.line(
                    "__shared__ %s s%d[%d][%d];".formatted(KernelText.type(dtypes.get(input)), input, SIDE, SIDE + 1));
        }
        text.line("const int column = threadIdx.x %% %d;".formatted(SIDE));
        text.line("const int row = threadIdx.x / %d;".formatted(SIDE));
        Indexing.open(text, "t", text.size(work()), KernelText.THREADS);
        declareSquare(text);
        openSquare(text, along, across);
        for (int input = tiled.nextSetBit(0); input >= 0; input = tiled.nextSetBit(input + 1)) {
            text.line("s%d[j][column] = x%d[%s];".formatted(input, input, indexing.offset(input)));
        }
        closeSquare(text);
        openSquare(text, across, along);
        element.run();
        closeSquare(text);
        text.line("}");
    }

    /** Declares where a square begins, and the coordinates of the other axes. */
    private void declareSquare(KernelText text) {
        List<Integer> order = new ArrayList<>(List.of(along, across));
        for (int axis = axes.rank() - 1; axis >= 0; axis--) {
            if (axis != along && axis != across) {
                order.add(axis);
            }
        }
        String rest = "t";
        for (int i = 0; i < order.size(); i++) {
            int axis = order.get(i);
            boolean isSide = axis == along || axis == across;
            Dim size = axes.axis(axis).size();
            String count = text.size(isSide ? size.ceilDivide(SIDE) : size);
            boolean isLast = i == order.size() - 1;
            String coordinate = isLast ? rest : "%s %% %s".formatted(rest, count);
            text.line(
                    isSide
                            ? "const index_t b%d = (%s) * %d;".formatted(axis, coordinate, SIDE)
                            : "const index_t c%d = %s;".formatted(axis, coordinate));
            if (!isLast) {
                text.line("const index_t r%d = %s / %s;".formatted(axis, rest, count));
                rest = "r" + axis;
            }
        }
    }

    /** Opens a loop of a block over a square: threads go along {@code inner}, warps along {@code outer}. */
    private void openSquare(KernelText text, int outer, int inner) {
        text.line("#pragma unroll");
        text.line("for (int j = row; j < %d; j += %d) {".formatted(SIDE, ROWS_AT_ONCE));
        text.line("const index_t c%d = b%d + j;".formatted(outer, outer));
        text.line("const index_t c%d = b%d + column;".formatted(inner, inner));
        String outerSize = text.size(axes.axis(outer).size());
        String innerSize = text.size(axes.axis(inner).size());
        text.line("if (c%d < %s && c%d < %s) {".formatted(outer, outerSize, inner, innerSize));
    }

    private static void closeSquare(KernelText text) {
        text.line("}");
        text.line("}");
        text.line("__syncthreads();");
    }
}
