package dev.tessera.compile;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * How long compiling takes on the driver, in milliseconds by the clock and of the thread on a processor:
 * {@code CompileBenchmark [rounds [part of a name]]}.
 */
public final class CompileBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int rounds;
    private final String part;

    private CompileBenchmark(int rounds, String part) {
        this.rounds = rounds;
        this.part = part;
    }

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
        CompileBenchmark benchmark = new CompileBenchmark(rounds, arguments.length > 1 ? arguments[1] : "");
        int fewer = Math.max(3, rounds / 8);
        benchmark.measure("perceptron 784-256-128-10", rounds, CompileBenchmark::perceptron);
        benchmark.measure("500 ops of many kinds", rounds, () -> mixture(500));
        benchmark.measure("chain of 10,000 element-wise ops", fewer, () -> chain(10_000));
        benchmark.measure("chain of 10,000 transposes and sums", fewer, () -> transposes(10_000));
        benchmark.measure("60 doublings", rounds, () -> doublings(60));
        benchmark.measure("2,000 dense layers", fewer, () -> layers(2_000));
    }

    private void measure(String what, int times, Supplier<Graph> graphs) {
        if (!what.contains(part)) {
            return;
        }
        long[] clock = new long[times];
        long[] processor = new long[times];
        int steps = 0;
        for (int round = 0; round < times; round++) {
            Graph graph = graphs.get();
            long start = System.nanoTime();
            long startOfThread = THREADS.getCurrentThreadCpuTime();
            steps = PlanCompiler.compile(graph).plan().rowSteps().size();
            processor[round] = THREADS.getCurrentThreadCpuTime() - startOfThread;
            clock[round] = System.nanoTime() - start;
        }
        System.out.printf(
                "%-36s first %7.1f (processor %7.1f), warm median %7.2f (processor %7.2f) ms, %d row steps%n",
                what, clock[0] / 1e6, processor[0] / 1e6, warmMedian(clock), warmMedian(processor), steps);
    }

    private static double warmMedian(long[] nanos) {
        long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
        Arrays.sort(warm);
        return warm[warm.length / 2] / 1e6;
    }

    private static Tensor weights(Random random, long rows, long columns) {
        HostTensor values = HostTensor.zeros(DType.FLOAT32, rows, columns);
        for (long i = 0; i < values.elementCount(); i++) {
            values.setDouble(i, random.nextGaussian());
        }
        return Tensors.constant(values);
    }

    private static Tensor dense(Tensor x, Random random, long inputs, long outputs) {
        Tensor bias = Tensors.reshape(weights(random, 1, outputs), Dim.of(outputs));
        return Tensors.add(Tensors.matmul(x, weights(random, inputs, outputs)), bias);
    }

    static Graph perceptron() {
        Random random = new Random(1);
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.of(784));
        Tensor hidden = Tensors.relu(dense(x, random, 784, 256));
        Tensor second = Tensors.relu(dense(hidden, random, 256, 128));
        return Graph.of("y", Tensors.softmax(dense(second, random, 128, 10), 0));
    }

    static Graph layers(int count) {
        Random random = new Random(1);
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.of(8));
        for (int i = 0; i < count; i++) {
            x = Tensors.relu(dense(x, random, 8, 8));
        }
        return Graph.of("y", x);
    }

    /** Blocks as of a network, with a residual, a normalisation, an attention and a pooling, until there are enough ops. */
    static Graph mixture(int ops) {
        Random random = new Random(1);
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"), Dim.of(16));
        Tensor y = x;
        while (Graph.of("y", y).toposort().size() < ops) {
            Tensor normal = Tensors.layerNorm(y, 1, null, null, 1e-5);
            Tensor weights = Tensors.softmax(Tensors.matmul(normal, Tensors.transpose(normal)), 1);
            Tensor seen = Tensors.matmul(weights, dense(normal, random, 16, 16));
            Tensor halves = Tensors.concat(List.of(Tensors.tanh(seen), Tensors.sigmoid(seen)), 1);
            Tensor pooled = Tensors.max(Tensors.reshape(halves, Dim.named("n"), Dim.of(16), Dim.of(2)), 2);
            y = Tensors.add(y, Tensors.mul(pooled, Tensors.log1p(Tensors.exp(Tensors.mean(y, 0)))));
        }
        return Graph.of("y", y);
    }

    static Graph chain(int length) {
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));
        for (int i = 0; i < length; i++) {
            x = i % 2 == 0 ? Tensors.sin(x) : Tensors.add(x, Tensors.weak(i));
        }
        return Graph.of("y", x);
    }

    static Graph transposes(int length) {
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.of(3), Dim.of(3));
        Tensor y = x;
        for (int i = 0; i < length; i++) {
            y = i % 2 == 0 ? Tensors.transpose(y) : Tensors.add(y, Tensors.sum(y, 0));
        }
        return Graph.of("y", y);
    }

    static Graph doublings(int depth) {
        Tensor x = Tensors.variable("x", DType.FLOAT32, Dim.named("n"));
        for (int i = 0; i < depth; i++) {
            x = Tensors.add(Tensors.sin(x), Tensors.mul(x, x));
        }
        return Graph.of("y", x);
    }
}
