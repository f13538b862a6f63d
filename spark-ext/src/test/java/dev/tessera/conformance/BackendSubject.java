package dev.tessera.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanSerializer;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Compiles a graph, sends its plan over the wire, and runs it on a backend, all rows in one batch. */
final class BackendSubject implements Subject {
    private final Backend backend;

    BackendSubject(Backend backend) {
        this.backend = backend;
    }

    @Override
    public Results run(ConformanceCase testCase) {
        CompiledGraph compiled = PlanCompiler.compile(testCase.graph());
        ExecutionPlan plan = PlanSerializer.read(PlanSerializer.write(compiled.plan()));
        assertThat(plan).isEqualTo(compiled.plan());
        PlanVerifier.verify(plan);
        DimBinding binding = binding(plan, testCase);
        PlanVerifier.verifyBound(plan, binding);
        TaskSpec spec = new TaskSpec(plan, compiled.constants(), testCase.parameters());
        try (BackendTask task = backend.openTask(spec);
                PendingBatch pending = task.submit(batch(plan, binding, testCase))) {
            BatchResult result = pending.await();
            Set<Integer> badRows = new TreeSet<>();
            result.badRows().forEach(bad -> badRows.add(bad.row()));
            return new Results(
                    result.outputs().stream().map(BackendSubject::copy).toList(), badRows);
        }
    }

    static DimBinding binding(ExecutionPlan plan, ConformanceCase testCase) {
        Map<String, Long> sizes = new HashMap<>();
        Map<String, HostTensor> values = testCase.inputs(0);
        for (ExecutionPlan.PlanInput input : plan.inputs()) {
            List<Dim> dims = input.type().shape().dims();
            for (int axis = 0; axis < dims.size(); axis++) {
                if (!dims.get(axis).isKnown()) {
                    sizes.put(
                            dims.get(axis).toString(), values.get(input.name()).size(axis));
                }
            }
        }
        return new DimBinding(sizes);
    }

    private static Batch batch(ExecutionPlan plan, DimBinding binding, ConformanceCase testCase) {
        List<HostTensor> inputs = new ArrayList<>();
        for (ExecutionPlan.PlanInput input : plan.rowInputs()) {
            inputs.add(stacked(
                    testCase.rows().stream().map(row -> row.get(input.name())).toList()));
        }
        return new Batch(testCase.rows().size(), binding, inputs);
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

    /** The result is valid until its batch is closed. */
    private static HostTensor copy(HostTensor tensor) {
        return HostTensor.ownLittleEndian(tensor.dtype(), tensor.sizes(), tensor.toLittleEndianBytes());
    }
}
