package dev.tessera.plan;

import static dev.tessera.tensor.DType.BOOL;
import static dev.tessera.tensor.DType.FLOAT32;
import static dev.tessera.tensor.DType.FLOAT64;
import static dev.tessera.tensor.DType.INT64;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.HostTensor;
import dev.tessera.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Plans as a compiler makes them, one for each way in which they differ. */
public final class SamplePlans {
    /** A plan, and the values of its constants by digest. */
    public record Sample(String name, ExecutionPlan plan, Map<String, HostTensor> constants) {
        @Override
        public String toString() {
            return name;
        }
    }

    private SamplePlans() {}

    public static List<Sample> all() {
        return List.of(
                denseLayer(),
                layerNorm(),
                gatherOfParameter(),
                concatenation(),
                topKOfCumulativeSums(),
                gram(),
                unknownDims(),
                accumulation(),
                sharedSlots());
    }

    /** {@code softmax(relu(x @ w + b))}: the product with the activation, then one row program. */
    public static Sample denseLayer() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 20);
        Operand w = plan.constant(random(1, 20, 7));
        Operand b = plan.constant(random(2, 7));
        Operand y = plan.row(FLOAT32, 7);
        Operand probabilities = plan.row(FLOAT32, 7);
        plan.perRow(new GemmStep(matrix(x, 1, 20), w, matrix(b, 1, 7), ScalarOp.RELU, matrix(y, 1, 7)));
        plan.perRow(new RowProgramStep(softmax(), List.of(), Dim.of(7), List.of(y), List.of(probabilities)));
        plan.output("probabilities", probabilities);
        return new Sample("dense layer", plan.build(), plan.constantValues());
    }

    private static RowProgram softmax() {
        ProgramBuilder program = new ProgramBuilder();
        int x = program.vector(FLOAT32);
        int shifted = program.map(ScalarOp.SUBTRACT, x, program.reduce(ReduceOp.MAX, x));
        int exp = program.map(ScalarOp.EXP, shifted);
        return program.returning(program.map(ScalarOp.DIVIDE, exp, program.reduce(ReduceOp.SUM, exp)));
    }

    /** {@code layerNorm(x) * scale} over the last axis of a matrix of unknown height, and the means. */
    public static Sample layerNorm() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT64, "n", 8);
        Operand scale = plan.parameter("scale", FLOAT64, 8);
        Operand out = plan.row(FLOAT64, "n", 8);
        Operand means = plan.row(FLOAT64, "n");
        ProgramBuilder program = new ProgramBuilder();
        int value = program.vector(FLOAT64);
        int factor = program.vector(FLOAT64);
        int mean = program.reduce(ReduceOp.MEAN, value);
        int centred = program.map(ScalarOp.SUBTRACT, value, mean);
        int variance = program.reduce(ReduceOp.MEAN, program.map(ScalarOp.SQUARE, centred));
        int inverse =
                program.map(ScalarOp.RSQRT, program.map(ScalarOp.ADD, variance, program.immediate(FLOAT64, 1e-5)));
        int scaled = program.map(ScalarOp.MULTIPLY, program.map(ScalarOp.MULTIPLY, centred, inverse), factor);
        Operand repeated = view(scale, 0, List.of(Dim.named("n"), Dim.of(8)), List.of(Dim.ZERO, Dim.ONE));
        plan.perRow(new RowProgramStep(
                program.returning(scaled, mean),
                List.of(Dim.named("n")),
                Dim.of(8),
                List.of(x, repeated),
                List.of(out, means)));
        plan.output("y", out);
        plan.output("means", means);
        return new Sample("layer norm", plan.build(), plan.constantValues());
    }

    /** {@code (table * 2)[ids]}: the product once per task, then a gather from it. */
    public static Sample gatherOfParameter() {
        PlanBuilder plan = new PlanBuilder();
        Operand table = plan.parameter("table", FLOAT32, "v", 4);
        Operand ids = plan.column("ids", INT64, "n");
        Operand doubled = plan.slot(Scope.PARAMETER, FLOAT32, PlanBuilder.shape("v", 4));
        Operand out = plan.row(FLOAT32, "n", 4);
        ProgramBuilder program = new ProgramBuilder();
        int twice = program.map(ScalarOp.MULTIPLY, program.vector(FLOAT32), program.immediate(FLOAT32, 2));
        Dim count = Dim.named("v").times(4);
        plan.once(new RowProgramStep(
                program.returning(twice),
                List.of(),
                count,
                List.of(flat(table, count)),
                List.of(flat(doubled, count))));
        plan.perRow(new GatherStep(doubled, ids, 0, out));
        plan.output("y", out);
        return new Sample("gather", plan.build(), plan.constantValues());
    }

    /** {@code concatenate((x, x[::-1], tanh(x)), axis=1)}: views of one slot, written and read. */
    public static Sample concatenation() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 3, 5);
        Operand out = plan.row(FLOAT32, 3, 15);
        List<Dim> dims = dims(3, 5);
        List<Dim> strides = dims(15, 1);
        plan.perRow(new CopyStep(x, view(out, 0, dims, strides)));
        plan.perRow(new CopyStep(view(x, 10, dims, dims(-5, 1)), view(out, 5, dims, strides)));
        ProgramBuilder program = new ProgramBuilder();
        RowProgram tanh = program.returning(program.map(ScalarOp.TANH, program.vector(FLOAT32)));
        plan.perRow(new RowProgramStep(
                tanh, dims(3), Dim.of(5), List.of(view(out, 0, dims, strides)), List.of(view(out, 10, dims, strides))));
        plan.output("y", out);
        return new Sample("concatenation", plan.build(), plan.constantValues());
    }

    public static Sample topKOfCumulativeSums() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT64, 2, 9);
        Operand sums = plan.row(FLOAT64, 2, 9);
        Operand values = plan.row(FLOAT64, 2, 3);
        Operand indices = plan.row(INT64, 2, 3);
        plan.perRow(new CumulativeSumStep(x, 1, sums));
        plan.perRow(new TopKStep(sums, values, indices));
        plan.output("values", values);
        plan.output("indices", indices);
        return new Sample("topk of cumsum", plan.build(), plan.constantValues());
    }

    /** {@code x @ x.T} and {@code x.T @ x}, the transposes as views. */
    public static Sample gram() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT64, "n", 6);
        Operand rows = plan.row(FLOAT64, "n", "n");
        Operand columns = plan.row(FLOAT64, 6, 6);
        Dim n = Dim.named("n");
        Operand transposed = view(x, 0, List.of(Dim.of(6), n), dims(1, 6));
        plan.perRow(new SyrkStep(x, rows));
        plan.perRow(new GemmStep(transposed, x, null, null, columns));
        plan.output("rows", rows);
        plan.output("columns", columns);
        return new Sample("gram", plan.build(), plan.constantValues());
    }

    /** {@code where(isfinite(x[1:] + y), x[1:], 0)} and its argmax, the sizes equal only once they are known. */
    public static Sample unknownDims() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, "n");
        Operand y = plan.column("y", FLOAT32, "m");
        plan.equal(Dim.named("n").plus(-1), "m", "x[1:] + y");
        Dim m = Dim.named("m");
        Operand kept = plan.row(FLOAT32, "m");
        Operand finite = plan.row(BOOL, "m");
        Operand best = plan.row(INT64);
        ProgramBuilder program = new ProgramBuilder();
        int value = program.vector(FLOAT32);
        int isFinite = program.map(ScalarOp.IS_FINITE, program.map(ScalarOp.ADD, value, program.vector(FLOAT32)));
        int result = program.map(ScalarOp.WHERE, isFinite, value, program.immediate(FLOAT32, 0));
        int argmax = program.reduce(ReduceOp.ARGMAX, result);
        Operand tail = view(x, 1, List.of(m), dims(1));
        plan.perRow(new RowProgramStep(
                program.returning(result, isFinite, argmax),
                List.of(),
                m,
                List.of(tail, y),
                List.of(kept, finite, best)));
        plan.output("kept", kept);
        plan.output("finite", finite);
        plan.output("best", best);
        return new Sample("unknown dims", plan.build(), plan.constantValues());
    }

    /** The sums over all rows of {@code x} and of {@code x**2}, beside a row-invariant output. */
    public static Sample accumulation() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT64, 5);
        Operand one = plan.constant(HostTensor.of(new double[] {1, 2, 3, 4, 5}));
        Operand squares = plan.row(FLOAT64, 5);
        Operand sum = plan.slot(Scope.ACCUMULATOR, FLOAT64, Shape.of(5));
        Operand sumOfSquares = plan.slot(Scope.ACCUMULATOR, FLOAT64, Shape.of(5));
        ProgramBuilder program = new ProgramBuilder();
        RowProgram square = program.returning(program.map(ScalarOp.SQUARE, program.vector(FLOAT64)));
        plan.perRow(new RowProgramStep(square, List.of(), Dim.of(5), List.of(x), List.of(squares)));
        plan.perRow(new ReduceRowsStep(ReduceOp.SUM, x, sum));
        plan.perRow(new ReduceRowsStep(ReduceOp.SUM, squares, sumOfSquares));
        plan.output("sum", sum);
        plan.output("sumOfSquares", sumOfSquares);
        plan.output("weights", one);
        return new Sample("accumulation", plan.build(), plan.constantValues());
    }

    /** A chain in place and into a slot of the larger of two unknown sizes. */
    public static Sample sharedSlots() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, "n");
        Operand y = plan.column("y", FLOAT32, "k");
        Dim n = Dim.named("n");
        Dim k = Dim.named("k");
        Operand shared = plan.slot(Scope.ROW, FLOAT32, new Shape(List.of(Dim.max(n, k))));
        Operand total = plan.row(FLOAT32);
        Operand result = plan.row(FLOAT32, "k");
        Operand first = view(shared, 0, List.of(n), dims(1));
        Operand second = view(shared, 0, List.of(k), dims(1));
        plan.perRow(new RowProgramStep(map(ScalarOp.EXP), List.of(), n, List.of(x), List.of(first)));
        plan.perRow(new RowProgramStep(map(ScalarOp.LOG1P), List.of(), n, List.of(first), List.of(first)));
        ProgramBuilder sum = new ProgramBuilder();
        plan.perRow(new RowProgramStep(
                sum.returning(sum.reduce(ReduceOp.SUM, sum.vector(FLOAT32))),
                List.of(),
                n,
                List.of(first),
                List.of(total)));
        plan.perRow(new RowProgramStep(map(ScalarOp.NEGATIVE), List.of(), k, List.of(y), List.of(second)));
        ProgramBuilder product = new ProgramBuilder();
        plan.perRow(new RowProgramStep(
                product.returning(
                        product.map(ScalarOp.MULTIPLY, product.vector(FLOAT32), product.load(FLOAT32, false))),
                List.of(),
                k,
                List.of(second, total),
                List.of(result)));
        plan.output("y", result);
        return new Sample("shared slots", plan.build(), plan.constantValues());
    }

    /**
     * Plus a bias, turned round, softmax along the longer axis, and most of what a part of that has, in order: long enough
     * for kernels that short rows are not worth. Not among {@link #all}, whose tests go over elements one by one.
     */
    public static Sample wideRows() {
        PlanBuilder plan = new PlanBuilder();
        Operand x = plan.column("x", FLOAT32, 64, 16);
        Operand bias = plan.parameter("bias", FLOAT32, 16);
        Operand shifted = plan.row(FLOAT32, 64, 16);
        Operand turned = plan.row(FLOAT32, 16, 64);
        Operand probabilities = plan.row(FLOAT32, 16, 64);
        Operand best = plan.row(FLOAT32, 33);
        Operand positions = plan.row(INT64, 33);
        ProgramBuilder program = new ProgramBuilder();
        int sum = program.map(ScalarOp.ADD, program.vector(FLOAT32), program.vector(FLOAT32));
        plan.perRow(new RowProgramStep(
                program.returning(program.map(ScalarOp.RELU, sum)),
                dims(64),
                Dim.of(16),
                List.of(x, view(bias, 0, dims(64, 16), dims(0, 1))),
                List.of(shifted)));
        plan.perRow(new CopyStep(view(shifted, 0, dims(16, 64), dims(1, 16)), turned));
        plan.perRow(new RowProgramStep(softmax(), dims(16), Dim.of(64), List.of(turned), List.of(probabilities)));
        plan.perRow(new TopKStep(view(probabilities, 2, dims(60), dims(1)), best, positions));
        plan.output("probabilities", probabilities);
        plan.output("best", best);
        plan.output("positions", positions);
        return new Sample("wide rows", plan.build(), plan.constantValues());
    }

    private static RowProgram map(ScalarOp op) {
        ProgramBuilder program = new ProgramBuilder();
        return program.returning(program.map(op, program.vector(FLOAT32)));
    }

    public static HostTensor random(long seed, long... sizes) {
        SplittableRandom random = new SplittableRandom(seed);
        HostTensor tensor = HostTensor.zeros(DType.FLOAT32, sizes);
        for (long i = 0; i < tensor.elementCount(); i++) {
            tensor.setDouble(i, random.nextDouble(-1, 1));
        }
        return tensor;
    }

    public static Operand view(Operand of, long offset, List<Dim> dims, List<Dim> strides) {
        return new Operand(of.slot(), Dim.of(offset), dims, strides);
    }

    private static Operand matrix(Operand vector, long rows, long columns) {
        return view(vector, 0, dims(rows, columns), dims(columns, 1));
    }

    private static Operand flat(Operand of, Dim count) {
        return view(of, 0, List.of(count), dims(1));
    }

    public static List<Dim> dims(long... sizes) {
        List<Dim> dims = new ArrayList<>();
        for (long size : sizes) {
            dims.add(Dim.of(size));
        }
        return dims;
    }
}
