package dev.tessera.cpu;

import dev.tessera.cpu.blas.MatrixProduct;
import dev.tessera.cpu.blas.MatrixView;
import dev.tessera.cpu.blas.OpenBlas;
import dev.tessera.cpu.blas.Scaling;
import dev.tessera.cpu.math.FloatPrimitives;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The backend against what one would write by hand with the same primitives: {@code vector} or {@code plain} ones, in
 * batches of as many rows as the second argument says; all of the cases, or the one that the third names.
 */
public final class CpuBackendBenchmark {
    private static final int[] WIDTHS = {784, 256, 128, 10};

    private final BackendComparison comparison;
    private final FloatPrimitives primitives;
    private final int rows;

    private CpuBackendBenchmark(BackendComparison comparison, int rows) {
        this.comparison = comparison;
        this.primitives = comparison.floats();
        this.rows = rows;
    }

    /** Runs all comparisons. */
    public static void main(String[] arguments) throws InterruptedException {
        int rows = arguments.length < 2 ? 1024 : Integer.parseInt(arguments[1]);
        try (BackendComparison comparison =
                BackendComparison.open(arguments.length == 0 || arguments[0].equals("vector"))) {
            CpuBackendBenchmark benchmark = new CpuBackendBenchmark(comparison, rows);
            Map<String, Runnable> cases = new LinkedHashMap<>();
            cases.put("mlp", benchmark::perceptron);
            cases.put("softmax10", () -> benchmark.softmax(10));
            cases.put("softmax", () -> benchmark.softmax(1024));
            cases.put("layernorm", benchmark::layerNorm);
            cases.put("chain", benchmark::chain);
            cases.put("scaled", benchmark::scaled);
            cases.put("cast", benchmark::cast);
            cases.forEach((name, run) -> {
                if (arguments.length < 3 || arguments[2].equals(name)) {
                    run.run();
                }
            });
        }
    }

    private void perceptron() {
        PlanBuilder plan = new PlanBuilder();
        HostTensor x = BackendComparison.random(DType.FLOAT32, rows, WIDTHS[0]);
        List<HostTensor> weights = new ArrayList<>();
        Operand layer = plan.column("x", DType.FLOAT32, WIDTHS[0]);
        for (int i = 1; i < WIDTHS.length; i++) {
            HostTensor w = BackendComparison.random(DType.FLOAT32, WIDTHS[i - 1], WIDTHS[i]);
            weights.add(w);
            Operand bias = plan.constant(BackendComparison.random(DType.FLOAT32, WIDTHS[i]));
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
            layers.add(ByteBuffer.allocateDirect(4 * rows * width).order(ByteOrder.nativeOrder()));
        }
        layers.get(0).put(0, x.storage(), 0, layers.get(0).capacity());
        float[] bias = new float[WIDTHS[1]];
        float[] block = new float[WIDTHS[1]];
        comparison.compare("MLP", plan, x, () -> {
            for (int i = 1; i < WIDTHS.length; i++) {
                product.gemm(
                        DType.FLOAT32,
                        Scaling.OVERWRITE,
                        MatrixView.dense(layers.get(i - 1), 0, rows, WIDTHS[i - 1]),
                        MatrixView.dense(weights.get(i - 1).storage(), 0, WIDTHS[i - 1], WIDTHS[i]),
                        MatrixView.dense(layers.get(i), 0, rows, WIDTHS[i]));
                FloatBuffer out = layers.get(i).asFloatBuffer();
                int width = WIDTHS[i];
                for (int row = 0; row < rows; row++) {
                    out.get(row * width, block, 0, width);
                    primitives.add(block, 0, bias, 0, block, 0, width);
                    primitives.relu(block, 0, block, 0, width);
                    out.put(row * width, block, 0, width);
                }
            }
        });
    }

    private static Operand row(Operand vector, int width) {
        return SamplePlans.view(vector, 0, SamplePlans.dims(1, width), SamplePlans.dims(width, 1));
    }

    private void chain() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int scaled = program.map(ScalarOp.MULTIPLY, x, program.immediate(DType.FLOAT32, 1.3f));
        int tanh =
                program.map(ScalarOp.TANH, program.map(ScalarOp.ADD, scaled, program.immediate(DType.FLOAT32, 0.2f)));
        int product = program.map(ScalarOp.MULTIPLY, tanh, program.map(ScalarOp.SIGMOID, x));
        int half =
                program.map(ScalarOp.MULTIPLY, program.map(ScalarOp.SQUARE, x), program.immediate(DType.FLOAT32, 0.5));
        int result = program.map(ScalarOp.SUBTRACT, product, half);
        float[] tanhs = new float[256];
        float[] others = new float[256];
        elementwise("chain, 1024", program, result, 1024, (block, n) -> {
            primitives.scaleShift(block, 0, 1.3f, 0.2f, tanhs, 0, n);
            primitives.tanh(tanhs, 0, tanhs, 0, n);
            primitives.sigmoid(block, 0, others, 0, n);
            primitives.multiply(tanhs, 0, others, 0, tanhs, 0, n);
            primitives.square(block, 0, others, 0, n);
            primitives.multiplyScalar(others, 0, 0.5f, others, 0, n);
            primitives.subtract(tanhs, 0, others, 0, block, 0, n);
        });
    }

    private void scaled() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int scaled = program.map(ScalarOp.MULTIPLY, x, program.immediate(DType.FLOAT32, 1.5));
        int result = program.map(ScalarOp.RELU, program.map(ScalarOp.ADD, scaled, program.immediate(DType.FLOAT32, 1)));
        elementwise("relu(ax+b), 3", program, result, 3, (block, n) -> {
            primitives.scaleShift(block, 0, 1.5f, 1, block, 0, n);
            primitives.relu(block, 0, block, 0, n);
        });
    }

    private interface BlockLoop {
        void run(float[] block, int n);
    }

    private void elementwise(String name, ProgramBuilder program, int result, int width, BlockLoop byHand) {
        HostTensor x = BackendComparison.random(DType.FLOAT32, rows, width);
        FloatBuffer from = x.storage().asFloatBuffer();
        FloatBuffer to = output(width);
        float[] block = new float[256];
        comparison.compare(name, plan(program, result, width, DType.FLOAT32), x, () -> {
            for (int at = 0; at < rows * width; at += 256) {
                int n = Math.min(256, rows * width - at);
                from.get(at, block, 0, n);
                byHand.run(block, n);
                to.put(at, block, 0, n);
            }
        });
    }

    private FloatBuffer output(int width) {
        return ByteBuffer.allocateDirect(4 * rows * width)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static PlanBuilder plan(ProgramBuilder program, int result, int width, DType resultType) {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", DType.FLOAT32, width);
        Operand out = plan.row(resultType, width);
        plan.perRow(new RowProgramStep(program.returning(result), List.of(), Dim.of(width), List.of(x), List.of(out)));
        plan.output("y", out);
        return plan;
    }

    private interface RowLoop {
        void run(float[] row, int width);
    }

    private void rowwise(String name, ProgramBuilder program, int result, int width, RowLoop byHand) {
        HostTensor x = BackendComparison.random(DType.FLOAT32, rows, width);
        FloatBuffer from = x.storage().asFloatBuffer();
        FloatBuffer to = output(width);
        float[] row = new float[width];
        comparison.compare(name, plan(program, result, width, DType.FLOAT32), x, () -> {
            for (int i = 0; i < rows; i++) {
                from.get(i * width, row, 0, width);
                byHand.run(row, width);
                to.put(i * width, row, 0, width);
            }
        });
    }

    private void softmax(int length) {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int exp = program.map(ScalarOp.EXP, program.map(ScalarOp.SUBTRACT, x, program.reduce(ReduceOp.MAX, x)));
        int result = program.map(ScalarOp.DIVIDE, exp, program.reduce(ReduceOp.SUM, exp));
        rowwise("softmax, " + length, program, result, length, (row, width) -> {
            primitives.subtractScalar(row, 0, primitives.max(row, 0, width), row, 0, width);
            primitives.exp(row, 0, row, 0, width);
            primitives.divideScalar(row, 0, (float) primitives.sum(row, 0, width), row, 0, width);
        });
    }

    private void layerNorm() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(DType.FLOAT32);
        int centred = program.map(ScalarOp.SUBTRACT, x, program.reduce(ReduceOp.MEAN, x));
        int variance = program.reduce(ReduceOp.MEAN, program.map(ScalarOp.SQUARE, centred));
        int scale = program.map(
                ScalarOp.RSQRT, program.map(ScalarOp.ADD, variance, program.immediate(DType.FLOAT32, 1e-5f)));
        int result = program.map(ScalarOp.MULTIPLY, centred, scale);
        rowwise("layerNorm, 1024", program, result, 1024, (row, width) -> {
            float mean = (float) (primitives.sum(row, 0, width) / width);
            float squares = (float) (primitives.sumOfSquaresAbout(row, 0, mean, width) / width);
            float factor = (float) (1 / Math.sqrt(squares + 1e-5f));
            primitives.scaleShift(row, 0, factor, -mean * factor, row, 0, width);
        });
    }

    private void cast() {
        ProgramBuilder program = new ProgramBuilder();
        int result = program.convert(DType.FLOAT64, program.vector(DType.FLOAT32));
        HostTensor x = BackendComparison.random(DType.FLOAT32, rows, 1024);
        FloatBuffer from = x.storage().asFloatBuffer();
        var to = ByteBuffer.allocateDirect(8 * rows * 1024)
                .order(ByteOrder.nativeOrder())
                .asDoubleBuffer();
        float[] singles = new float[256];
        double[] doubles = new double[256];
        comparison.compare("to float64, 1024", plan(program, result, 1024, DType.FLOAT64), x, () -> {
            for (int at = 0; at < rows * 1024; at += 256) {
                from.get(at, singles, 0, 256);
                for (int i = 0; i < 256; i++) {
                    doubles[i] = singles[i];
                }
                to.put(at, doubles, 0, 256);
            }
        });
    }
}
