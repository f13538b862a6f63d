package dev.tessera.compile;

import dev.tessera.expr.Graph;
import dev.tessera.expr.Tensor;
import dev.tessera.expr.Tensors;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;

/** How long compiling takes on the driver, warm: {@code CompileBenchmark [rounds]}. */
public final class CompileBenchmark {
    private CompileBenchmark() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
        measure("perceptron 784-256-128-10", rounds, CompileBenchmark::perceptron);
        measure("chain of 10,000 element-wise ops", Math.max(3, rounds / 8), () -> chain(10_000));
        measure("chain of 10,000 transposes and sums", Math.max(3, rounds / 8), () -> transposes(10_000));
        measure("60 doublings", rounds, () -> doublings(60));
        measure("2,000 dense layers", Math.max(3, rounds / 8), () -> layers(2_000));
    }

    private static void measure(String what, int rounds, Supplier<Graph> graphs) {
        long[] nanos = new long[rounds];
        int steps = 0;
        for (int round = 0; round < rounds; round++) {
            Graph graph = graphs.get();
            long start = System.nanoTime();
            steps = PlanCompiler.compile(graph).plan().rowSteps().size();
            nanos[round] = System.nanoTime() - start;
        }
        long first = nanos[0];
        long[] warm = Arrays.copyOfRange(nanos, rounds / 2, rounds);
        Arrays.sort(warm);
        System.out.printf(
                "%-40s first %7.1f ms, warm median %7.2f ms, %d row steps%n",
                what, first / 1e6, warm[warm.length / 2] / 1e6, steps);
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
