package dev.tessera.compile;

import dev.tessera.plan.ExecutionPlan.PlanInput;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a compiled graph on a runtime, its rows in one batch. */
final class PlanRun {
    private PlanRun() {}

    /** For each output, its rows. The parameters are those of the first row. */
    static List<List<HostTensor>> run(
            ExecutorRuntime runtime, CompiledGraph compiled, DimBinding sizes, List<Map<String, HostTensor>> rows) {
        Map<String, HostTensor> parameters = new HashMap<>();
        for (PlanInput input : compiled.plan().parameters()) {
            parameters.put(input.name(), rows.get(0).get(input.name()));
        }
        List<HostTensor> inputs = new ArrayList<>();
        for (PlanInput input : compiled.plan().rowInputs()) {
            inputs.add(stacked(rows.stream().map(row -> row.get(input.name())).toList()));
        }
        TaskSpec spec = new TaskSpec(compiled.plan(), compiled.constants(), parameters);
        try (BackendTask task = runtime.openTask(spec);
                PendingBatch pending = task.submit(new Batch(rows.size(), sizes, inputs))) {
            List<List<HostTensor>> outputs = new ArrayList<>();
            for (HostTensor output : pending.await().outputs()) {
                List<HostTensor> values = new ArrayList<>();
                for (int row = 0; row < rows.size(); row++) {
                    HostTensor value = output.row(row);
                    values.add(HostTensor.ownLittleEndian(value.dtype(), value.sizes(), value.toLittleEndianBytes()));
                }
                outputs.add(values);
            }
            return outputs;
        }
    }

    private static HostTensor stacked(List<HostTensor> rows) {
        HostTensor first = rows.get(0);
        long[] sizes = new long[first.rank() + 1];
        sizes[0] = rows.size();
        System.arraycopy(first.sizes(), 0, sizes, 1, first.rank());
        HostTensor stacked = HostTensor.zeros(first.dtype(), sizes);
        int length = Math.toIntExact(first.sizeInBytes());
        for (int row = 0; row < rows.size(); row++) {
            stacked.storage().put(row * length, rows.get(row).storage(), 0, length);
        }
        return stacked;
    }
}
