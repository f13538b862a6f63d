package dev.tessera.text;

import dev.tessera.expr.Apply;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Op;
import dev.tessera.expr.Parameter;
import dev.tessera.expr.Result;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.plan.DimSerializer;
import dev.tessera.plan.PlanCheck;
import dev.tessera.plan.TensorSerializer;
import dev.tessera.plan.WireInput;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Reads what {@link GraphWriter} writes, from bytes that nobody vouches for. Used once. */
final class GraphReader {
    // What the values of one application keep, beside dims.
    private static final int APPLY_KEEPS_BYTES = 112;
    private static final int EQUALITY_KEEPS_BYTES = 64;
    private static final int UNKNOWN_DIM_KEEPS_BYTES = 200;

    private final WireInput input;
    private final List<Tensor> values = new ArrayList<>();
    // By identity: an equal dim that an application computes anew takes its memory again.
    private final Set<Dim> charged = Collections.newSetFromMap(new IdentityHashMap<>());
    private final OpReader ops;

    GraphReader(WireInput input) {
        this.input = input;
        List<Dim> dims =
                input.readList("dims", GraphLayout.INT_BYTES, GraphLayout.MAX_DIMS, () -> DimSerializer.read(input));
        this.charged.addAll(dims);
        this.ops = new OpReader(input, dims);
    }

    Graph read() {
        int constants = input.readCount("constants", GraphLayout.CONSTANT_BYTES, GraphLayout.MAX_CONSTANTS);
        for (int i = 0; i < constants; i++) {
            values.add(readConstant());
        }
        List<Variable> variables = input.readList(
                "variables", GraphLayout.INT_BYTES + GraphLayout.TYPE_BYTES, GraphLayout.MAX_INPUTS, () -> {
                    Variable variable = Tensors.variable(readName("an input"), readType());
                    values.add(variable);
                    return variable;
                });
        List<Parameter> parameters = input.readList(
                "parameters", GraphLayout.INT_BYTES + GraphLayout.TYPE_BYTES, GraphLayout.MAX_INPUTS, () -> {
                    Parameter parameter = Tensors.parameter(readName("an input"), readType());
                    values.add(parameter);
                    return parameter;
                });
        int applies = input.readCount("applications", GraphLayout.APPLY_BYTES, GraphLayout.MAX_APPLIES);
        for (int i = 0; i < applies; i++) {
            readApply();
        }
        List<Graph.Output> outputs = input.readList(
                "outputs",
                2 * GraphLayout.INT_BYTES,
                GraphLayout.MAX_OUTPUTS,
                () -> new Graph.Output(readName("an output"), readValue()));
        checkNames(variables, parameters, outputs);
        return new Graph(variables, parameters, outputs);
    }

    private Tensor readConstant() {
        boolean isWeak = input.readBoolean();
        HostTensor value = TensorSerializer.read(input);
        if (!value.dtype().isComputable() || value.rank() > Shape.MAX_RANK) {
            throw input.failure(PlanCheck.DTYPE, "no constant is " + value);
        }
        if (!isWeak) {
            return Tensors.constant(value);
        }
        if (value.rank() > 0) {
            throw input.failure(PlanCheck.SHAPE, "a weak constant is a scalar, not " + value);
        }
        return switch (value.dtype()) {
            case BOOL -> Tensors.weak(value.longAt(0) != 0);
            case INT64 -> Tensors.weak(value.longAt(0));
            case FLOAT64 -> Tensors.weak(value.doubleAt(0));
            default -> throw input.failure(PlanCheck.DTYPE, "no weak constant is " + value);
        };
    }

    private String readName(String what) {
        return input.readText("the name of " + what, WireInput.MAX_TEXT_LENGTH);
    }

    private TensorType readType() {
        DType dtype = input.readCode(DType::ofWireCode);
        return new TensorType(dtype, ops.readShape());
    }

    private Tensor readValue() {
        int number = input.readInt();
        if (number < 0 || number >= values.size()) {
            throw input.failure(PlanCheck.ORDER, "value %d is read, %d are known".formatted(number, values.size()));
        }
        return values.get(number);
    }

    private void readApply() {
        Op op = ops.read();
        List<Tensor> inputs =
                input.readList("inputs", GraphLayout.INT_BYTES, GraphLayout.MAX_ARGUMENTS, this::readValue);
        Apply apply = Apply.of(op, inputs);
        charge(apply);
        for (Result result : apply.outputs()) {
            TensorType written = readType();
            if (!result.type().equals(written)) {
                throw input.failure(
                        PlanCheck.SHAPE,
                        "%s was written as %s, and is %s in this version".formatted(result, written, result.type()));
            }
            values.add(result);
        }
    }

    private void charge(Apply apply) {
        input.charge(APPLY_KEEPS_BYTES
                + (long) EQUALITY_KEEPS_BYTES * apply.equalities().size());
        for (Result result : apply.outputs()) {
            for (Dim dim : result.shape().dims()) {
                if (!dim.isKnown() && charged.add(dim)) {
                    input.charge(UNKNOWN_DIM_KEEPS_BYTES + 4L * dim.toString().length());
                }
            }
        }
    }

    private void checkNames(List<Variable> variables, List<Parameter> parameters, List<Graph.Output> outputs) {
        Set<String> names = new HashSet<>();
        variables.forEach(variable -> names.add(variable.name()));
        parameters.forEach(parameter -> names.add(parameter.name()));
        if (names.size() != variables.size() + parameters.size()) {
            throw input.failure(PlanCheck.TEXT, "two inputs have one name");
        }
        if (outputs.isEmpty()
                || outputs.stream().map(Graph.Output::name).distinct().count() != outputs.size()) {
            throw input.failure(PlanCheck.TEXT, "there are no outputs, or two have one name");
        }
    }
}
