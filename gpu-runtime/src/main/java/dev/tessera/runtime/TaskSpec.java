package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.tensor.HostTensor;
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
}
