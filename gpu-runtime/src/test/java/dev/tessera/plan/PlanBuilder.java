package dev.tessera.plan;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Assembles plans for tests by hand, one value per slot. */
public final class PlanBuilder {
    private final List<BufferSlot> slots = new ArrayList<>();
    private final List<ExecutionPlan.PlanConstant> constants = new ArrayList<>();
    private final List<ExecutionPlan.PlanInput> inputs = new ArrayList<>();
    private final List<ExecutionPlan.DimEquality> equalities = new ArrayList<>();
    private final List<Step> invariantSteps = new ArrayList<>();
    private final List<Step> rowSteps = new ArrayList<>();
    private final List<ExecutionPlan.PlanOutput> outputs = new ArrayList<>();
    private final Map<String, HostTensor> constantValues = new LinkedHashMap<>();

    public static Shape shape(Object... dims) {
        List<Dim> sizes = new ArrayList<>();
        for (Object dim : dims) {
            sizes.add(
                    dim instanceof Dim size
                            ? size
                            : dim instanceof String name ? Dim.named(name) : Dim.of(((Number) dim).longValue()));
        }
        return new Shape(sizes);
    }

    public Operand slot(Scope scope, DType dtype, Shape shape) {
        slots.add(new BufferSlot(scope, dtype, shape.elementCount()));
        return Operand.contiguous(slots.size() - 1, shape);
    }

    public Operand row(DType dtype, Object... dims) {
        return slot(Scope.ROW, dtype, shape(dims));
    }

    public Operand column(String name, DType dtype, Object... dims) {
        return input(name, Scope.ROW, dtype, shape(dims));
    }

    public Operand parameter(String name, DType dtype, Object... dims) {
        return input(name, Scope.PARAMETER, dtype, shape(dims));
    }

    private Operand input(String name, Scope scope, DType dtype, Shape shape) {
        Operand operand = slot(scope, dtype, shape);
        inputs.add(new ExecutionPlan.PlanInput(name, new TensorType(dtype, shape), operand.slot()));
        return operand;
    }

    public Operand constant(HostTensor value) {
        Operand operand = slot(Scope.CONSTANT, value.dtype(), value.type().shape());
        String digest = ConstantDigest.of(value);
        constants.add(new ExecutionPlan.PlanConstant(operand.slot(), value.type(), digest));
        constantValues.put(digest, value);
        return operand;
    }

    /** A constant that lies about its shape. */
    Operand constant(HostTensor value, Shape shape) {
        Operand operand = slot(Scope.CONSTANT, value.dtype(), shape);
        TensorType type = new TensorType(value.dtype(), shape);
        constants.add(new ExecutionPlan.PlanConstant(operand.slot(), type, ConstantDigest.of(value)));
        return operand;
    }

    public void equal(Object left, Object right, String reason) {
        equalities.add(
                new ExecutionPlan.DimEquality(shape(left).dim(0), shape(right).dim(0), reason));
    }

    public void once(Step step) {
        invariantSteps.add(step);
    }

    public void perRow(Step step) {
        rowSteps.add(step);
    }

    public void output(String name, Operand value) {
        DType dtype = slots.get(value.slot()).dtype();
        outputs.add(new ExecutionPlan.PlanOutput(name, new TensorType(dtype, value.shape()), value));
    }

    public void output(String name, TensorType type, Operand value) {
        outputs.add(new ExecutionPlan.PlanOutput(name, type, value));
    }

    public void inputs(ExecutionPlan.PlanInput input) {
        inputs.add(input);
    }

    public ExecutionPlan build() {
        return new ExecutionPlan(slots, constants, inputs, equalities, invariantSteps, rowSteps, outputs);
    }

    public Map<String, HostTensor> constantValues() {
        return Map.copyOf(constantValues);
    }
}
