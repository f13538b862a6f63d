package dev.tessera.compile;

import dev.tessera.plan.Operand;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program without reductions along the longest axis that its operands allow: axes of size 1 go, neighbours that
 * every operand lays out as one become one, and the last takes the place of the program's axis.
 */
final class AxisCollapse {
    /** Below this, the program's overhead per run of its axis outweighs the loss of unit strides. */
    private static final long SHORT = 32;

    private final RowProgramStep step;
    private final List<Dim> dims;
    /** For each operand, inputs before outputs, its stride along each of {@link #dims}. */
    private final List<List<Dim>> strides = new ArrayList<>();

    private AxisCollapse(RowProgramStep step) {
        this.step = step;
        this.dims = new ArrayList<>(step.outer());
        dims.add(step.length());
        step.inputs().forEach(this::addStrides);
        step.outputs().forEach(this::addStrides);
    }

    private void addStrides(Operand operand) {
        List<Dim> along = new ArrayList<>(operand.strides());
        if (along.size() < dims.size()) {
            along.add(Dim.ZERO);
        }
        strides.add(along);
    }

    /** An equal step over fewer axes, or the same one. */
    static RowProgramStep collapse(RowProgramStep step) {
        boolean mixesExtents = false;
        for (Operand output : step.outputs()) {
            mixesExtents |= output.rank() != step.outputs().get(0).rank();
        }
        if (mixesExtents) {
            return step;
        }
        RowProgramStep collapsed = new AxisCollapse(step).collapsed();
        return collapsed != null ? collapsed : step;
    }

    private @Nullable RowProgramStep collapsed() {
        boolean isScalar = step.outputs().get(0).rank() < dims.size();
        if (isScalar && !step.length().isKnown(1)) {
            return null;
        }
        dropUnits();
        mergeNeighbours();
        if (dims.isEmpty()) {
            dims.add(Dim.ONE);
            strides.forEach(along -> along.add(Dim.ZERO));
        }
        moveLast(longest());
        return rebuilt();
    }

    private void dropUnits() {
        for (int axis = dims.size() - 1; axis >= 0; axis--) {
            if (dims.get(axis).isKnown(1)) {
                remove(axis);
            }
        }
    }

    private void remove(int axis) {
        dims.remove(axis);
        for (List<Dim> along : strides) {
            along.remove(axis);
        }
    }

    private void mergeNeighbours() {
        for (int axis = dims.size() - 2; axis >= 0; axis--) {
            Dim inner = dims.get(axis + 1);
            int left = axis;
            if (strides.stream()
                    .allMatch(s -> s.get(left).equals(s.get(left + 1).times(inner)))) {
                dims.set(axis, dims.get(axis).times(inner));
                for (List<Dim> along : strides) {
                    along.set(axis, along.get(axis + 1));
                }
                remove(axis + 1);
            }
        }
    }

    private int longest() {
        int last = dims.size() - 1;
        Dim innermost = dims.get(last);
        if (innermost.isKnown() && innermost.size() < SHORT) {
            for (int axis = last - 1; axis >= 0; axis--) {
                if (!dims.get(axis).isKnown() || dims.get(axis).size() >= SHORT) {
                    return axis;
                }
            }
        }
        return last;
    }

    private void moveLast(int axis) {
        dims.add(dims.remove(axis));
        for (List<Dim> along : strides) {
            along.add(along.remove(axis));
        }
    }

    /** The step over the new axes, or null where an output would no longer vary along the program's axis. */
    private @Nullable RowProgramStep rebuilt() {
        int last = dims.size() - 1;
        boolean isUnit = dims.get(last).isKnown(1);
        List<RowProgram.Input> inputs = new ArrayList<>();
        List<Operand> operands = new ArrayList<>();
        for (int i = 0; i < strides.size(); i++) {
            boolean isInput = i < step.inputs().size();
            boolean isVector = isInput ? !strides.get(i).get(last).isKnown(0) : !isUnit;
            int rank = isVector ? last + 1 : last;
            Operand old = isInput
                    ? step.inputs().get(i)
                    : step.outputs().get(i - step.inputs().size());
            operands.add(new Operand(
                    old.slot(),
                    old.offset(),
                    dims.subList(0, rank),
                    strides.get(i).subList(0, rank)));
            if (isInput) {
                inputs.add(new RowProgram.Input(step.program().inputs().get(i).dtype(), isVector));
            }
        }
        RowProgram program = new RowProgram(
                inputs, step.program().instructions(), step.program().outputs());
        List<RowProgram.Value> values = program.values();
        if (program.outputs().stream().anyMatch(v -> values.get(v).isVector() == isUnit)) {
            return null;
        }
        int inputCount = inputs.size();
        return new RowProgramStep(
                program,
                dims.subList(0, last),
                dims.get(last),
                operands.subList(0, inputCount),
                operands.subList(inputCount, operands.size()));
    }
}
