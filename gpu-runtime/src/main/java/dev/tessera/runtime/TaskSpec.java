package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a task runs: a verified plan, the values of its constants by digest, and of its parameters by name; and the GPUs
 * that it was given, by number or UUID, any of them if none.
 */
public record TaskSpec(
        ExecutionPlan plan,
        Map<String, HostTensor> constants,
        Map<String, HostTensor> parameters,
        List<String> deviceAddresses) {
    public TaskSpec {
        constants = Map.copyOf(constants);
        parameters = Map.copyOf(parameters);
        deviceAddresses = List.copyOf(deviceAddresses);
    }

    /** A task that may run on any device. */
    public TaskSpec(ExecutionPlan plan, Map<String, HostTensor> constants, Map<String, HostTensor> parameters) {
        this(plan, constants, parameters, List.of());
    }

    /** The same on one of these GPUs. */
    public TaskSpec onDevices(List<String> addresses) {
        return new TaskSpec(plan, constants, parameters, addresses);
    }

    /**
     * The value of a constant.
     *
     * @throws IllegalArgumentException if there is none, or it has another dtype or shape than the plan says
     */
    public HostTensor constant(ExecutionPlan.PlanConstant constant) {
        HostTensor value = required(constants, constant.digest(), "constant");
        requireType(value, constant.type(), DimBinding.EMPTY, "constant " + constant.digest());
        return value;
    }

    /**
     * The value of a parameter.
     *
     * @throws IllegalArgumentException if there is none, or it has another dtype or shape than the plan says with {@code
     *     dims}
     */
    public HostTensor parameter(ExecutionPlan.PlanInput parameter, DimBinding dims) {
        HostTensor value = required(parameters, parameter.name(), "parameter");
        requireType(value, parameter.type(), dims, "parameter '" + parameter.name() + "'");
        return value;
    }

    /** Fails as {@link #parameter} does unless every parameter has a value that fits. */
    public void requireParameters(DimBinding dims) {
        plan.parameters().forEach(parameter -> parameter(parameter, dims));
    }

    private static HostTensor required(Map<String, HostTensor> values, String key, String what) {
        HostTensor value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "Cannot run plan: %s '%s' has no value; bound are %s".formatted(what, key, values.keySet()));
        }
        return value;
    }

    private static void requireType(HostTensor value, TensorType type, DimBinding dims, String what) {
        if (value.dtype() != type.dtype()
                || !Arrays.equals(value.sizes(), type.shape().sizes(dims))) {
            throw new IllegalArgumentException(
                    "Cannot run plan: %s is %s, not %s with %s".formatted(what, value, type, dims));
        }
    }
}
