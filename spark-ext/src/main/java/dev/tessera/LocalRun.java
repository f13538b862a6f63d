package dev.tessera;

import dev.tessera.catalyst.ParameterTypes;
import dev.tessera.catalyst.RowSizes;
import dev.tessera.compile.CompiledGraph;
import dev.tessera.expr.TensorTypeException;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.ExecutionPlan.PlanInput;
import dev.tessera.plugin.RuntimeHolder;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Runs a compiled function in this JVM: the plan and the runtime that an executor would use, and no Spark. */
final class LocalRun {
    private final CompiledGraph compiled;
    private final Map<String, HostTensor> parameters;

    LocalRun(CompiledGraph compiled, Map<String, HostTensor> parameters) {
        this.compiled = compiled;
        this.parameters = parameters;
    }

    /** The outputs of one row. */
    List<HostTensor> one(List<HostTensor> inputs) {
        List<HostTensor> rows = new ArrayList<>();
        for (HostTensor input : inputs) {
            long[] sizes = new long[input.rank() + 1];
            sizes[0] = 1;
            System.arraycopy(input.sizes(), 0, sizes, 1, input.rank());
            HostTensor copy = HostTensor.ownLittleEndian(input.dtype(), sizes, input.toLittleEndianBytes());
            rows.add(copy);
        }
        return batch(1, rows).stream().map(output -> output.row(0)).toList();
    }

    /** The outputs of many rows, each [rows, ...]. */
    List<HostTensor> batch(List<HostTensor> inputs) {
        if (inputs.isEmpty() || inputs.stream().anyMatch(input -> input.rank() == 0)) {
            throw new IllegalArgumentException(
                    "Cannot run a batch of %s: each tensor is [rows, ...]; use run for one row".formatted(inputs));
        }
        long rowCount = inputs.get(0).size(0);
        if (inputs.stream().anyMatch(input -> input.size(0) != rowCount)) {
            throw new IllegalArgumentException(
                    "Cannot run a batch of %s: their numbers of rows differ".formatted(inputs));
        }
        return batch(Math.toIntExact(rowCount), inputs);
    }

    private List<HostTensor> batch(int rowCount, List<HostTensor> inputs) {
        ExecutionPlan plan = compiled.plan();
        requireTypes(plan.rowInputs(), inputs);
        DimBinding dims;
        try {
            dims = new RowSizes(plan, parameters).bind(RowSizes.ofRows(inputs));
        } catch (dev.tessera.catalyst.encoding.BadValueException e) {
            throw new IllegalArgumentException("Cannot run on %s: %s".formatted(inputs, e.getMessage()), e);
        }
        if (rowCount == 0) {
            return plan.outputs().stream()
                    .map(output -> HostTensor.zeros(
                            output.type().dtype(), batchSizes(0, output.type().shape(), dims)))
                    .toList();
        }
        try (BackendTask task = RuntimeHolder.openTask(new TaskSpec(plan, compiled.constants(), parameters));
                PendingBatch pending = task.submit(new Batch(rowCount, dims, inputs))) {
            return copies(pending.await(), rowCount);
        }
    }

    private static void requireTypes(List<PlanInput> wanted, List<HostTensor> inputs) {
        if (wanted.size() != inputs.size()) {
            throw new IllegalArgumentException("Cannot run on %d tensors: the function reads %s"
                    .formatted(
                            inputs.size(), wanted.stream().map(PlanInput::name).toList()));
        }
        for (int i = 0; i < wanted.size(); i++) {
            long[] sizes = inputs.get(i).sizes();
            TensorType type = wanted.get(i).type();
            HostTensor row = inputs.get(i);
            boolean fits = row.rank() == type.rank() + 1 && row.dtype() == type.dtype();
            if (!fits || !ParameterTypes.acceptsSizes(type, Arrays.copyOfRange(sizes, 1, sizes.length))) {
                throw new TensorTypeException("Cannot run on %s%s for %s: it is declared %s"
                        .formatted(
                                row.dtype(),
                                Arrays.toString(sizes.length == 0 ? sizes : Arrays.copyOfRange(sizes, 1, sizes.length)),
                                wanted.get(i).name(),
                                type));
            }
        }
    }

    private static long[] batchSizes(long rowCount, Shape shape, DimBinding dims) {
        long[] sizes = new long[shape.rank() + 1];
        sizes[0] = rowCount;
        System.arraycopy(shape.sizes(dims), 0, sizes, 1, shape.rank());
        return sizes;
    }

    /** Tensors that outlive the batch. */
    private static List<HostTensor> copies(BatchResult result, int rowCount) {
        if (!result.badRows().isEmpty()) {
            BatchResult.BadRow bad = result.badRows().get(0);
            throw new IllegalArgumentException(
                    "Cannot evaluate row %d of %d: %s".formatted(bad.row(), rowCount, bad.reason()));
        }
        return result.outputs().stream()
                .map(output -> HostTensor.ownLittleEndian(output.dtype(), output.sizes(), output.toLittleEndianBytes()))
                .toList();
    }
}
