package dev.tessera.runtime;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.tensor.HostTensor;
import java.util.Map;

/** What a task runs: a verified plan, the values of its constants by digest, and of its parameters by name. */
public record TaskSpec(ExecutionPlan plan, Map<String, HostTensor> constants, Map<String, HostTensor> parameters) {
    public TaskSpec {
        constants = Map.copyOf(constants);
        parameters = Map.copyOf(parameters);
    }
}
