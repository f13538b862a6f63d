package dev.tessera.catalyst;

import dev.tessera.catalyst.encoding.BadValueException;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.ExecutionPlan.DimEquality;
import dev.tessera.plan.ExecutionPlan.PlanInput;
import dev.tessera.plan.PlanBindingException;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a row's sizes give to the unknown dims of a verified plan, its parameters bound. Immutable. */
public final class RowSizes {
    private final ExecutionPlan plan;
    private final List<PlanInput> inputs;
    private final Map<String, Long> parameterSizes = new HashMap<>();

    /**
     * Takes the sizes of the parameters.
     *
     * @throws IllegalArgumentException if a parameter is unbound, or bound to a value of another dtype or shape
     */
    public RowSizes(ExecutionPlan plan, Map<String, HostTensor> parameters) {
        this.plan = plan;
        this.inputs = plan.rowInputs();
        for (PlanInput parameter : plan.parameters()) {
            HostTensor value = parameters.get(parameter.name());
            if (value == null || !ParameterTypes.accepts(parameter.type(), value)) {
                throw new IllegalArgumentException("Cannot bind parameter '%s' to %s: it is declared %s"
                        .formatted(parameter.name(), value == null ? "nothing" : value, parameter.type()));
            }
            bind(parameter.type(), parameter.name(), value.sizes(), parameterSizes);
        }
    }

    /**
     * The binding of one row: an array of sizes for each row input, each of the input's rank.
     *
     * @throws BadValueException if the plan cannot run with these sizes; the message names the input and both shapes
     */
    public DimBinding bind(List<long[]> sizes) {
        Map<String, Long> bound = new HashMap<>(parameterSizes);
        for (int i = 0; i < inputs.size(); i++) {
            bind(inputs.get(i).type(), inputs.get(i).name(), sizes.get(i), bound);
        }
        DimBinding binding = new DimBinding(bound);
        requireCompoundSizes(binding, sizes);
        for (DimEquality equality : plan.equalities()) {
            requireEqual(equality, binding);
        }
        try {
            PlanVerifier.verifyBound(plan, binding);
        } catch (PlanBindingException e) {
            throw new BadValueException("sizes " + binding, "sizes that fit the expression: " + e.getMessage());
        }
        return binding;
    }

    private static void bind(TensorType type, String input, long[] sizes, Map<String, Long> bound) {
        for (int axis = 0; axis < sizes.length; axis++) {
            Dim dim = type.shape().dim(axis);
            if (!isName(dim)) {
                continue;
            }
            Long known = bound.putIfAbsent(dim.toString(), sizes[axis]);
            if (known != null && known != sizes[axis]) {
                throw new BadValueException(
                        "%s%s".formatted(input, Arrays.toString(sizes)), "%s with %s = %d".formatted(type, dim, known));
            }
        }
    }

    private static boolean isName(Dim dim) {
        return dim.terms().size() == 1 && dim.names().contains(dim.toString());
    }

    private void requireCompoundSizes(DimBinding binding, List<long[]> sizes) {
        for (int i = 0; i < inputs.size(); i++) {
            TensorType type = inputs.get(i).type();
            for (int axis = 0; axis < type.rank(); axis++) {
                if (type.shape().dim(axis).evaluate(binding) != sizes.get(i)[axis]) {
                    throw new BadValueException(
                            "%s%s".formatted(inputs.get(i).name(), Arrays.toString(sizes.get(i))),
                            "%s where %s".formatted(type, binding));
                }
            }
        }
    }

    private static void requireEqual(DimEquality equality, DimBinding binding) {
        long left = equality.left().evaluate(binding);
        long right = equality.right().evaluate(binding);
        if (left != right) {
            throw new BadValueException(
                    "%s = %d and %s = %d".formatted(equality.left(), left, equality.right(), right),
                    "the same size in " + equality.reason());
        }
    }

    /** The sizes of a batch's rows: those of its tensors without the leading axis. */
    public static List<long[]> ofRows(List<HostTensor> batch) {
        List<long[]> sizes = new ArrayList<>();
        for (HostTensor tensor : batch) {
            sizes.add(Arrays.copyOfRange(tensor.sizes(), 1, tensor.rank()));
        }
        return sizes;
    }
}
