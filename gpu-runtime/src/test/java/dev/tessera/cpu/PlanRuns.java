package dev.tessera.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.PlanVerifier;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Runs plans on a backend and on {@link NaivePlan}, and compares. */
public final class PlanRuns {
    private PlanRuns() {}

    public static Map<String, HostTensor> parameters(ExecutionPlan plan, DimBinding dims) {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, HostTensor> values = new HashMap<>();
        plan.parameters()
                .forEach(p -> values.put(
                        p.name(),
                        random(random, p.type().dtype(), p.type().shape().sizes(dims))));
        return values;
    }

    public static Batch batch(ExecutionPlan plan, DimBinding dims, int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<HostTensor> inputs = new ArrayList<>();
        for (ExecutionPlan.PlanInput input : plan.rowInputs()) {
            long[] inner = input.type().shape().sizes(dims);
            long[] sizes = new long[inner.length + 1];
            sizes[0] = rows;
            System.arraycopy(inner, 0, sizes, 1, inner.length);
            inputs.add(random(random, input.type().dtype(), sizes));
        }
        return new Batch(rows, dims, inputs);
    }

    public static HostTensor random(SplittableRandom random, DType dtype, long... sizes) {
        HostTensor tensor = HostTensor.zeros(dtype, sizes);
        for (long i = 0; i < tensor.elementCount(); i++) {
            if (dtype.isFloating()) {
                tensor.setDouble(i, random.nextDouble(-2, 2));
            } else {
                tensor.setLong(i, dtype == DType.BOOL ? random.nextInt(2) : random.nextInt(-3, 4));
            }
        }
        return tensor;
    }

    /** Runs batches of each of {@code rowCounts} in one task, and compares every one with the naive run. */
    public static void compare(
            Backend backend, ExecutionPlan plan, Map<String, HostTensor> constants, DimBinding dims, int... rowCounts) {
        PlanVerifier.verify(plan);
        PlanVerifier.verifyBound(plan, dims);
        Map<String, HostTensor> parameters = parameters(plan, dims);
        try (BackendTask task = backend.openTask(new TaskSpec(plan, constants, parameters))) {
            for (int rows : rowCounts) {
                Batch batch = batch(plan, dims, rows, rows);
                try (PendingBatch pending = task.submit(batch)) {
                    requireSame(plan, pending.await(), NaivePlan.run(plan, constants, parameters, batch));
                }
            }
        }
    }

    public static void requireSame(ExecutionPlan plan, BatchResult found, NaivePlan.Result expected) {
        assertThat(found.badRows()).extracting(BatchResult.BadRow::row).containsExactlyElementsOf(expected.badRows());
        for (int i = 0; i < plan.outputs().size(); i++) {
            HostTensor output = found.outputs().get(i);
            Number[][] rows = expected.outputs().get(i);
            assertThat(output.size(0)).isEqualTo(rows.length);
            for (int row = 0; row < rows.length; row++) {
                Number[] elements = NaiveScalars.elements(output.row(row));
                assertThat(elements).hasSameSizeAs(rows[row]);
                for (int j = 0; j < elements.length; j++) {
                    requireNear(
                            plan.outputs().get(i) + " row " + row + " element " + j,
                            output.dtype(),
                            elements[j],
                            rows[row][j]);
                }
            }
        }
    }

    private static void requireNear(String what, DType dtype, Number found, Number expected) {
        if (!dtype.isFloating() || !Double.isFinite(expected.doubleValue())) {
            assertThat(found).as(what).isEqualTo(expected);
        } else {
            double tolerance = dtype == DType.FLOAT32 ? 2e-5 : 1e-11;
            assertThat(Math.abs(found.doubleValue() - expected.doubleValue()))
                    .as("%s: %s, not %s", what, found, expected)
                    .isLessThanOrEqualTo(tolerance * (1 + Math.abs(expected.doubleValue())));
        }
    }
}
