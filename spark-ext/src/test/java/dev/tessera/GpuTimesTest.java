package dev.tessera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.compile.CompiledGraph;
import dev.tessera.compile.PlanCompiler;
import dev.tessera.cpu.CpuBackendProvider;
import dev.tessera.cuda.CudaBackendProvider;
import dev.tessera.cuda.RealGpu;
import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.expr.Variable;
import dev.tessera.runtime.Backend;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.PendingBatch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How long batches take on a real GPU and on one core of the CPU, each after a first run: from the first submission to the last
 * result, copies included, and in kernels alone. Times are printed and not asserted; that both devices agree is.
 */
@Tag("gpu")
@ExtendWith(RealGpu.class)
class GpuTimesTest {
    private static final int ROWS = 1024;
    private static final int BATCHES = 16;
    private static final double NANOS_PER_MILLISECOND = 1e6;

    private record Times(double endToEnd, double kernels, HostTensor result) {}

    /** Functions of a row of 784 numbers. */
    private static Map<String, Graph> workloads() {
        Map<String, Graph> workloads = new LinkedHashMap<>();
        Variable x = Tensors.variable("x", DType.FLOAT32, Dim.of(784));
        Tensor hidden = x.matmul(weights(1, 784, 256))
                .relu()
                .matmul(weights(2, 256, 128))
                .relu();
        workloads.put(
                "perceptron 784-256-128-10",
                graph(hidden.matmul(weights(3, 128, 10)).softmax()));
        workloads.put("product 784 x 784", graph(x.matmul(weights(4, 784, 784))));
        workloads.put("tanh(x) * x + exp(-x)", graph(x.tanh().mul(x).add(x.neg().exp())));
        workloads.put("softmax", graph(x.softmax()));
        workloads.put("sum", graph(Tensors.sum(x, 0)));
        return workloads;
    }

    private static Graph graph(Tensor value) {
        return Graph.of(new Graph.Output("y", value));
    }

    private static Tensor weights(int seed, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] weights = new float[rows * columns];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-0.05, 0.05);
        }
        return Tensors.constant(weights, rows, columns);
    }

    @Test
    void bothDevicesGiveTheSameAndTheirTimesArePrinted() {
        StringBuilder table = new StringBuilder();
        line(
                table,
                "%-28s %14s %14s %14s %14s",
                "ms for %d x %d rows".formatted(BATCHES, ROWS),
                "GPU",
                "its kernels",
                "CPU",
                "its kernels");
        RuntimeOptions options = new RuntimeOptions(1, Map.of());
        try (Backend gpu = new CudaBackendProvider().open(options);
                Backend cpu = new CpuBackendProvider().open(options)) {
            for (Map.Entry<String, Graph> workload : workloads().entrySet()) {
                CompiledGraph compiled = PlanCompiler.compile(workload.getValue());
                Times onGpu = times(gpu, compiled);
                Times onCpu = times(cpu, compiled);
                line(
                        table,
                        "%-28s %14.2f %14.2f %14.2f %14.2f",
                        workload.getKey(),
                        onGpu.endToEnd(),
                        onGpu.kernels(),
                        onCpu.endToEnd(),
                        onCpu.kernels());
                assertSame(workload.getKey(), onGpu.result(), onCpu.result());
            }
        }
        System.out.println(table);
    }

    private static void line(StringBuilder table, String format, Object... values) {
        table.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    private static Times times(Backend backend, CompiledGraph compiled) {
        run(backend, compiled);
        return run(backend, compiled);
    }

    private static Times run(Backend backend, CompiledGraph compiled) {
        Batch batch = new Batch(ROWS, DimBinding.EMPTY, List.of(input()));
        TaskSpec spec = new TaskSpec(compiled.plan(), compiled.constants(), Map.of());
        try (BackendTask task = backend.openTask(spec)) {
            long start = System.nanoTime();
            Deque<PendingBatch> pending = new ArrayDeque<>();
            HostTensor last = null;
            for (int i = 0; i < BATCHES; i++) {
                pending.add(task.submit(batch));
                if (pending.size() == task.pipelineDepth() || i == BATCHES - 1) {
                    last = drain(pending, i == BATCHES - 1 ? 0 : task.pipelineDepth() - 1);
                }
            }
            double endToEnd = (System.nanoTime() - start) / NANOS_PER_MILLISECOND;
            return new Times(endToEnd, task.receipt().kernelNanos() / NANOS_PER_MILLISECOND, last);
        }
    }

    /** Awaits and closes the oldest until so many are left; a copy of the last result. */
    private static HostTensor drain(Deque<PendingBatch> pending, int left) {
        HostTensor copy = null;
        while (pending.size() > left) {
            try (PendingBatch oldest = pending.remove()) {
                HostTensor output = oldest.await().outputs().get(0);
                copy = HostTensor.ownLittleEndian(output.dtype(), output.sizes(), output.toLittleEndianBytes());
            }
        }
        return copy;
    }

    private static HostTensor input() {
        SplittableRandom random = new SplittableRandom(5);
        HostTensor input = HostTensor.zeros(DType.FLOAT32, ROWS, 784);
        for (long i = 0; i < input.elementCount(); i++) {
            input.setDouble(i, random.nextDouble(-1, 1));
        }
        return input;
    }

    /** The conformance table has the bounds; here sums of 784 terms below 1 may be taken in any order. */
    private static void assertSame(String name, HostTensor found, HostTensor expected) {
        assertThat(found.sizes()).isEqualTo(expected.sizes());
        for (long i = 0; i < found.elementCount(); i++) {
            assertThat(Math.abs(found.doubleAt(i) - expected.doubleAt(i)))
                    .as("%s at %d: %s and %s", name, i, found.doubleAt(i), expected.doubleAt(i))
                    .isLessThan(2e-3);
        }
    }
}
