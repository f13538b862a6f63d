package dev.tessera.codegen;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.Operand;
import dev.tessera.plan.Scope;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/** The operands of a step, as views of slots that hold a batch: the row axis made explicit. */
final class Operands {
    private final List<BufferSlot> slots;

    Operands(List<BufferSlot> slots) {
        this.slots = slots;
    }

    DType dtype(Operand operand) {
        return slots.get(operand.slot()).dtype();
    }

    Kernel.Pointer pointer(Operand operand) {
        return new Kernel.Pointer(operand.slot(), operand.offset());
    }

    /** The rows, if any operand differs by row. */
    List<Axes.Axis> rowAxis(List<Operand> operands) {
        boolean anyOfRows =
                operands.stream().anyMatch(operand -> slots.get(operand.slot()).scope() == Scope.ROW);
        return anyOfRows
                ? List.of(new Axes.Axis(
                        Kernel.ROWS, operands.stream().map(this::rowStride).toList()))
                : List.of();
    }

    Dim rowStride(Operand operand) {
        BufferSlot slot = slots.get(operand.slot());
        return slot.scope() == Scope.ROW ? slot.elementCount() : Dim.ZERO;
    }

    /** The rows, if any, and {@code dims}, along which every operand has its leading strides. */
    List<Axes.Axis> axes(List<Operand> operands, List<Dim> dims) {
        List<Axes.Axis> axes = new ArrayList<>(rowAxis(operands));
        for (int axis = 0; axis < dims.size(); axis++) {
            axes.add(new Axes.Axis(dims.get(axis), strides(operands, axis)));
        }
        return axes;
    }

    static List<Dim> strides(List<Operand> operands, int axis) {
        List<Dim> strides = new ArrayList<>();
        for (Operand operand : operands) {
            strides.add(axis < operand.rank() ? operand.strides().get(axis) : Dim.ZERO);
        }
        return strides;
    }
}
