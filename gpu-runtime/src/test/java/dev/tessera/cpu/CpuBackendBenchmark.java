package dev.tessera.cpu;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.MatrixView;
import dev.tessera.cpu.blas.OpenBlas;
import dev.tessera.cpu.blas.Scaling;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.runtime.BackendTask;
import dev.tessera.runtime.Batch;
import dev.tessera.runtime.RuntimeOptions;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The backend against what one would write by hand, interleaved in one JVM: prints the median time of a batch of 1,024
 * rows each way, and their ratio. Run it on a quiet machine.
 */
public final class CpuBackendBenchmark {
    private static final int ROWS = 1024;
    private static final int REPETITIONS = 31;
    private static final int[] WIDTHS = {784, 256, 128, 10};

    private final CpuBackend backend = CpuBackend.open(new RuntimeOptions(1, Map.of()));

    private CpuBackendBenchmark() {}

    /** Runs all comparisons. */
    public static void main(String[] arguments) {
        CpuBackendBenchmark benchmark = new CpuBackendBenchmark();
        System.out.println(benchmark.backend.device());
        benchmark.perceptron();
        benchmark.chain();
        benchmark.softmax();
        benchmark.backend.close();
    }

    private static HostTensor random(long... sizes) {
        HostTensor values = PlanRuns.random(new SplittableRandom(1), DType.FLOAT32, sizes);
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) values.sizeInBytes()).order(ByteOrder.nativeOrder());
        bytes.put(0, values.storage(), 0, bytes.capacity());
        return HostTensor.contiguous(DType.FLOAT32, sizes, bytes);
    }

    private void compare(String name, PlanBuilder plan, HostTensor x, Runnable byHand) {
        Batch batch = new Batch(ROWS, DimBinding.EMPTY, List.of(x));
        List<Long> ours = new ArrayList<>();
        List<Long> theirs = new ArrayList<>();
        try (BackendTask task = backend.openTask(new TaskSpec(plan.build(), plan.constantValues(), Map.of()))) {
            for (int i = 0; i < 2 * REPETITIONS; i++) {
                long start = System.nanoTime();
                task.submit(batch).close();
                long middle = System.nanoTime();
                byHand.run();
                long end = System.nanoTime();
                if (i >= REPETITIONS) {
                    ours.add(middle - start);
                    theirs.add(end - middle);
                }
            }
        }
        Collections.sort(ours);
        Collections.sort(theirs);
        double here = ours.get(REPETITIONS / 2) / 1e6;
        double there = theirs.get(REPETITIONS / 2) / 1e6;
        System.out.printf(
                Locale.ROOT, "%-12s ours %8.3f ms, by hand %8.3f ms, ratio %.3f%n", name, here, there, here / there);
    }

    private void perceptron() {
        PlanBuilder plan = new PlanBuilder();
        HostTensor x = random(ROWS, WIDTHS[0]);
        List<HostTensor> weights = new ArrayList<>();
        Operand layer = plan.column("x", DType.FLOAT32, WIDTHS[0]);
        for (int i = 1; i < WIDTHS.length; i++) {
            HostTensor w = random(WIDTHS[i - 1], WIDTHS[i]);
            weights.add(w);
            Operand bias = plan.constant(random(WIDTHS[i]));
            Operand out = plan.row(DType.FLOAT32, WIDTHS[i]);
            plan.perRow(new GemmStep(
                    row(layer, WIDTHS[i - 1]),
                    plan.constant(w),
                    row(bias, WIDTHS[i]),
                    ScalarOp.RELU,
                    row(out, WIDTHS[i])));
            layer = out;
        }
        plan.output("y", layer);
        MatrixProduct product = MatrixProduct.on(OpenBlas.load());
        List<ByteBuffer> layers = new ArrayList<>();
        for (int width : WIDTHS) {
            layers.add(ByteBuffer.allocateDirect(4 * ROWS * width).order(ByteOrder.nativeOrder()));
        }
        layers.get(0).put(0, x.storage(), 0, layers.get(0).capacity());
        float[] block = new float[WIDTHS[1]];
        compare("MLP", plan, x, () -> {
            for (int i = 1; i < WIDTHS.length; i++) {
                MatrixView from = MatrixView.dense(layers.get(i - 1), 0, ROWS, WIDTHS[i - 1]);
                MatrixView w = MatrixView.dense(weights.get(i - 1).storage(), 0, WIDTHS[i - 1], WIDTHS[i]);
                MatrixView to = MatrixView.dense(layers.get(i), 0, ROWS, WIDTHS[i]);
                product.gemm(DType.FLOAT32, Scaling.OVERWRITE, from, w, to);
                addAndClip(layers.get(i), WIDTHS[i], block);
            }
        });
    }

    private static Operand row(Operand vector, int width) {
        return SamplePlans.view(vector, 0, SamplePlans.dims(1, width), SamplePlans.dims(width, 1));
    }

    private static void addAndClip(ByteBuffer layer, int width, float[] block) {
        var floats = layer.asFloatBuffer();
        for (int row = 0; row < ROWS; row++) {
            floats.get(row * width, block, 0, width);
            for (int i = 0; i < width; i++) {
                block[i] = Math.max(block[i] + 0.5f, 0);
            }
            floats.put(row * width, block, 0, width);
        }
    }

    private void chain() {
        PlanBuilder plan = new PlanBuilder();
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int scaled = program.map(ScalarOp.MULTIPLY, x, program.immediate(DType.FLOAT32, 1.3f));
        int tanh =
                program.map(ScalarOp.TANH, program.map(ScalarOp.ADD, scaled, program.immediate(DType.FLOAT32, 0.2f)));
        int product = program.map(ScalarOp.MULTIPLY, tanh, program.map(ScalarOp.SIGMOID, x));
        int half =
                program.map(ScalarOp.MULTIPLY, program.map(ScalarOp.SQUARE, x), program.immediate(DType.FLOAT32, 0.5));
        run("chain", plan, program, program.map(ScalarOp.SUBTRACT, product, half), (row, out) -> {
            for (int i = 0; i < row.length; i++) {
                float v = row[i];
                out[i] = (float) (Math.tanh(1.3f * v + 0.2f) * (1 / (1 + Math.exp(-v))) - 0.5f * v * v);
            }
        });
    }

    private void softmax() {
        PlanBuilder plan = new PlanBuilder();
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int exp = program.map(ScalarOp.EXP, program.map(ScalarOp.SUBTRACT, x, program.reduce(ReduceOp.MAX, x)));
        int result = program.map(ScalarOp.DIVIDE, exp, program.reduce(ReduceOp.SUM, exp));
        run("softmax", plan, program, result, (row, out) -> {
            float max = Float.NEGATIVE_INFINITY;
            for (float v : row) {
                max = Math.max(max, v);
            }
            float sum = 0;
            for (int i = 0; i < row.length; i++) {
                out[i] = (float) Math.exp(row[i] - max);
                sum += out[i];
            }
            for (int i = 0; i < row.length; i++) {
                out[i] /= sum;
            }
        });
    }

    private interface RowLoop {
        void run(float[] row, float[] out);
    }

    private void run(String name, PlanBuilder plan, ProgramBuilder program, int result, RowLoop byHand) {
        Operand x = plan.column("x", DType.FLOAT32, 1024);
        Operand out = plan.row(DType.FLOAT32, 1024);
        plan.perRow(new RowProgramStep(program.returning(result), List.of(), Dim.of(1024), List.of(x), List.of(out)));
        plan.output("y", out);
        HostTensor input = random(ROWS, 1024);
        var from = input.storage().asFloatBuffer();
        var to = ByteBuffer.allocateDirect(4 * ROWS * 1024)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        float[] row = new float[1024];
        float[] results = new float[1024];
        compare(name, plan, input, () -> {
            for (int i = 0; i < ROWS; i++) {
                from.get(i * 1024, row, 0, 1024);
                byHand.run(row, results);
                to.put(i * 1024, results, 0, 1024);
            }
        });
    }
}
