package dev.tessera.compile;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.ConstantPool;
import dev.tessera.plan.ExecutionPlan.PlanConstant;
import dev.tessera.plan.ExecutionPlan.PlanInput;
import dev.tessera.plan.Operand;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan while it is written: every value has a buffer of its own, and slots are shared later. Used by one thread. */
final class PlanDraft {
    private final List<BufferSlot> buffers = new ArrayList<>();
    private final List<PlanInput> inputs = new ArrayList<>();
    private final Map<String, PlanConstant> constants = new LinkedHashMap<>();
    private final ConstantPool pool = new ConstantPool();
    private final List<Step> invariantSteps = new ArrayList<>();
    private final List<Step> rowSteps = new ArrayList<>();

    /** A new buffer for a value, seen as a contiguous tensor. */
    Operand allocate(Scope scope, TensorType type) {
        buffers.add(new BufferSlot(scope, type.dtype(), type.shape().elementCount()));
        return Operand.contiguous(buffers.size() - 1, type.shape());
    }

    Operand input(String name, Scope scope, TensorType type) {
        Operand value = allocate(scope, type);
        inputs.add(new PlanInput(name, type, value.slot()));
        return value;
    }

    /** The buffer of a constant; equal constants have one. */
    Operand constant(HostTensor value) {
        String digest = pool.add(value);
        PlanConstant constant = constants.get(digest);
        if (constant == null) {
            constant = new PlanConstant(allocate(Scope.CONSTANT, value.type()).slot(), value.type(), digest);
            constants.put(digest, constant);
        }
        return Operand.contiguous(constant.slot(), constant.type().shape());
    }

    /** Adds a step, which runs once or for every batch as what it writes demands. */
    void add(Step step) {
        Scope scope = buffers.get(step.writes().get(0).slot()).scope();
        (scope.isRowInvariant() ? invariantSteps : rowSteps).add(step);
    }

    BufferSlot buffer(Operand view) {
        return buffers.get(view.slot());
    }

    /** Whether a view is all of its buffer, row-major. */
    boolean isWhole(Operand view) {
        return view.isContiguous()
                && view.offset().isKnown(0)
                && view.shape().elementCount().equals(buffer(view).elementCount());
    }

    List<BufferSlot> buffers() {
        return buffers;
    }

    List<PlanInput> inputs() {
        return inputs;
    }

    List<PlanConstant> constants() {
        return List.copyOf(constants.values());
    }

    Map<String, HostTensor> constantValues() {
        return pool.tensors();
    }

    List<Step> invariantSteps() {
        return invariantSteps;
    }

    List<Step> rowSteps() {
        return rowSteps;
    }
}
