package dev.tessera;

import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.BackendUnavailableException;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.BatchResult;
import dev.tessera.runtime.DeviceFailureException;
import dev.tessera.runtime.ExecutorRuntime;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.Receipt;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A small batch, of a product and of a function of each element, that shows whether a device computes. */
final class DeviceTrial {
    private static final int ROWS = 3;
    private static final int SIZE = 4;
    /** The bound of a sum of four products, all of their terms at most 12, is 2·4·2⁻²⁴·48; exp has 1 ulp. */
    private static final double TOLERANCE = 1e-4;

    private DeviceTrial() {}

    /** Whether the numbers came, right, from a device as asked for; and that in words. */
    record Outcome(boolean works, String text) {}

    static Graph graph() {
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(SIZE));
        float[] ones = {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4};
        return Graph.of(
                new Graph.Output("product", x.matmul(Tensors.constant(ones, SIZE, SIZE))),
                new Graph.Output("exp", x.exp()));
    }

    static Outcome run(RuntimeOptions options, String device) {
        CompiledGraph compiled = PlanCompiler.compile(graph());
        try (ExecutorRuntime runtime = ExecutorRuntime.start(options);
                BackendTask task = runtime.openTask(new TaskSpec(compiled.plan(), compiled.constants(), Map.of()));
                PendingBatch pending = task.submit(new Batch(ROWS, DimBinding.EMPTY, List.of(input())))) {
            double error = largestError(pending.await());
            Receipt receipt = task.receipt();
            Set<String> devices = receipt.batchesByDevice().keySet();
            boolean isRight = error <= TOLERANCE;
            boolean isThere = device.equalsIgnoreCase("gpu")
                    ? receipt.fallbacksByReason().isEmpty()
                            && devices.stream().noneMatch(name -> name.startsWith("cpu"))
                    : !devices.isEmpty();
            String fellBack = receipt.fallbacksByReason().isEmpty()
                    ? runtime.fallbackReason().map(reason -> ", for " + reason).orElse("")
                    : ", for " + String.join(", ", receipt.fallbacksByReason().keySet());
            String result = isRight ? "right" : "wrong by %s".formatted(error);
            return new Outcome(
                    isRight && isThere,
                    String.format(
                            Locale.ROOT,
                            "ran on %s%s: its results are %s",
                            String.join(", ", devices),
                            fellBack,
                            result));
        } catch (BackendUnavailableException | DeviceFailureException e) {
            return new Outcome(false, "did not run: " + e.getMessage());
        }
    }

    /** Of the rows i and the elements j, i + j / 4. */
    private static HostTensor input() {
        HostTensor input = HostTensor.zeros(DType.FLOAT32, ROWS, SIZE);
        for (int i = 0; i < ROWS * SIZE; i++) {
            input.setDouble(i, value(i));
        }
        return input;
    }

    private static double value(int i) {
        int row = i / SIZE;
        return row + i % SIZE / (double) SIZE;
    }

    private static double largestError(BatchResult result) {
        double largest = result.badRows().isEmpty() ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < ROWS * SIZE; i++) {
            double sum = 0;
            for (int k = 0; k < SIZE; k++) {
                sum += value(i / SIZE * SIZE + k) * (i % SIZE + 1);
            }
            largest = max(largest, result.outputs().get(0).doubleAt(i) - sum);
            largest = max(largest, result.outputs().get(1).doubleAt(i) - Math.exp(value(i)));
        }
        return largest;
    }

    /** NaN if the error is. */
    private static double max(double largest, double error) {
        return Math.max(largest, Math.abs(error));
    }
}
