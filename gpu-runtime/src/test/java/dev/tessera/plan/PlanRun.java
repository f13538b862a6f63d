package dev.tessera.plan;

import dev.tessera.cpu.CpuBackendProvider;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs plans that verify on the CPU, with values made up for whatever inputs and constants they name. */
final class PlanRun implements AutoCloseable {
    private final Map<String, HostTensor> constants = new HashMap<>();
    private final Backend backend;

    PlanRun(List<SamplePlans.Sample> samples) {
        samples.forEach(sample -> constants.putAll(sample.constants()));
        this.backend = new CpuBackendProvider().open(new RuntimeOptions(1, Map.of()));
    }

    @Override
    public void close() {
        backend.close();
    }

    void run(ExecutionPlan plan, DimBinding binding, SplittableRandom random) {
        Map<String, HostTensor> values = new HashMap<>();
        List<ExecutionPlan.PlanConstant> named = new ArrayList<>();
        for (ExecutionPlan.PlanConstant constant : plan.constants()) {
            HostTensor known = constants.get(constant.digest());
            boolean fits = known != null && known.type().equals(constant.type());
            HostTensor value = fits ? known : values(constant.type(), binding, random);
            String digest = ConstantDigest.of(value);
            values.put(digest, value);
            named.add(new ExecutionPlan.PlanConstant(constant.slot(), constant.type(), digest));
        }
        run(withConstants(plan, named), values, binding, random);
    }

    private static ExecutionPlan withConstants(ExecutionPlan plan, List<ExecutionPlan.PlanConstant> constants) {
        return new ExecutionPlan(
                plan.slots(),
                constants,
                plan.inputs(),
                plan.equalities(),
                plan.invariantSteps(),
                plan.rowSteps(),
                plan.outputs());
    }

    private void run(ExecutionPlan plan, Map<String, HostTensor> values, DimBinding binding, SplittableRandom random) {
        Map<String, HostTensor> parameters = new HashMap<>();
        for (ExecutionPlan.PlanInput parameter : plan.parameters()) {
            parameters.put(parameter.name(), values(parameter.type(), binding, random));
        }
        int rowCount = random.nextInt(1, 4);
        List<HostTensor> inputs = new ArrayList<>();
        for (ExecutionPlan.PlanInput input : plan.rowInputs()) {
            inputs.add(values(input.type(), binding, random, rowCount));
        }
        try (BackendTask task = backend.openTask(new TaskSpec(plan, values, parameters));
                PendingBatch pending = task.submit(new Batch(rowCount, binding, inputs))) {
            for (HostTensor output : pending.await().outputs()) {
                output.toLittleEndianBytes();
            }
        }
    }

    private static HostTensor values(TensorType type, DimBinding binding, SplittableRandom random, long... leading) {
        long[] inner = type.shape().sizes(binding);
        long[] sizes = new long[leading.length + inner.length];
        System.arraycopy(leading, 0, sizes, 0, leading.length);
        System.arraycopy(inner, 0, sizes, leading.length, inner.length);
        HostTensor tensor = HostTensor.zeros(type.dtype(), sizes);
        for (long i = 0; i < tensor.elementCount(); i++) {
            tensor.setDouble(i, random.nextInt(-4, 5));
        }
        return tensor;
    }
}
