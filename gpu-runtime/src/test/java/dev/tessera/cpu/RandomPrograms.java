package dev.tessera.cpu;

import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.Operand;
import dev.tessera.plan.PlanBuilder;
import dev.tessera.plan.ProgramBuilder;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.SamplePlans;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Plans of one random row program over operands laid out at random: in order, reversed, transposed, repeated. */
final class RandomPrograms {
    private static final long[] LENGTHS = {1, 2, 3, 31, 32, 127, 128, 129, 257, 600, 1023, 1024, 1025, 2100};
    private static final List<ScalarOp> REAL_OPS = List.of(
            ScalarOp.ADD,
            ScalarOp.SUBTRACT,
            ScalarOp.MULTIPLY,
            ScalarOp.MAXIMUM,
            ScalarOp.MINIMUM,
            ScalarOp.TANH,
            ScalarOp.NEGATIVE,
            ScalarOp.ADD,
            ScalarOp.MULTIPLY);
    private static final List<ScalarOp> INTEGER_OPS = List.of(
            ScalarOp.ADD,
            ScalarOp.SUBTRACT,
            ScalarOp.MULTIPLY,
            ScalarOp.FLOOR_DIVIDE,
            ScalarOp.MOD,
            ScalarOp.POWER,
            ScalarOp.MAXIMUM,
            ScalarOp.SIGN,
            ScalarOp.ABS);

    private final SplittableRandom random;
    private final DType dtype;
    private final PlanBuilder plan = new PlanBuilder();
    private final ProgramBuilder program = new ProgramBuilder();
    private final List<Integer> values = new ArrayList<>();
    private final List<Operand> inputs = new ArrayList<>();
    private final List<Dim> outer;
    private final Dim length;

    private RandomPrograms(long seed, long length) {
        this.random = new SplittableRandom(seed);
        this.dtype = List.of(DType.FLOAT64, DType.INT32, DType.INT64).get((int) (seed % 3));
        this.outer = random.nextBoolean() ? List.of() : SamplePlans.dims(random.nextInt(1, 5));
        this.length = Dim.of(length);
    }

    static ExecutionPlan plan(long seed) {
        long length = LENGTHS[new SplittableRandom(seed).nextInt(LENGTHS.length)];
        return new RandomPrograms(seed, length).build();
    }

    /** As {@link #plan}, over rows too long to keep. */
    static ExecutionPlan longPlan(long seed) {
        return new RandomPrograms(seed, 8200).build();
    }

    private ExecutionPlan build() {
        for (int i = 0; i < 3; i++) {
            boolean isVector = i == 0 || random.nextBoolean();
            Operand input = input(i, isVector);
            inputs.add(input);
            values.add(program.load(dtype, isVector));
        }
        values.add(program.immediate(dtype, 3));
        for (int i = random.nextInt(2, 12); i > 0; i--) {
            values.add(random.nextInt(4) == 0 ? reduction() : map());
        }
        List<Integer> returned = List.of(values.get(values.size() - 1), values.get(values.size() - 2));
        RowProgram built = program.returning(returned.toArray(Integer[]::new));
        List<Operand> outputs = new ArrayList<>();
        for (int value : returned) {
            outputs.add(output(built.values().get(value)));
        }
        plan.perRow(new RowProgramStep(built, outer, length, inputs, outputs));
        for (int i = 0; i < outputs.size(); i++) {
            plan.output("out" + i, outputs.get(i));
        }
        return plan.build();
    }

    private Operand input(int index, boolean isVector) {
        List<Dim> dims = new ArrayList<>(outer);
        if (isVector) {
            dims.add(length);
        }
        Object[] sizes = dims.toArray();
        Operand whole = random.nextInt(4) == 0
                ? plan.parameter("p" + index, dtype, sizes)
                : plan.column("x" + index, dtype, sizes);
        return random.nextInt(3) == 0 ? turned(whole) : whole;
    }

    /** The whole reversed along its last axis, or its first row repeated along the outer axes. */
    private Operand turned(Operand whole) {
        int last = whole.rank() - 1;
        List<Dim> strides = new ArrayList<>(whole.strides());
        if (last < 0) {
            return whole;
        }
        if (random.nextBoolean() && last > 0) {
            strides.set(0, Dim.ZERO);
            return new Operand(whole.slot(), Dim.ZERO, whole.dims(), strides);
        }
        strides.set(last, strides.get(last).times(-1));
        return new Operand(whole.slot(), whole.dims().get(last).plus(-1), whole.dims(), strides);
    }

    private Operand output(RowProgram.Value value) {
        List<Dim> dims = new ArrayList<>(outer);
        if (value.isVector()) {
            dims.add(length);
        }
        Operand whole = plan.row(value.dtype(), dims.toArray());
        if (dims.size() == 2 && random.nextBoolean()) {
            // Transposed in memory.
            return new Operand(whole.slot(), Dim.ZERO, dims, List.of(Dim.ONE, dims.get(0)));
        }
        return whole;
    }

    private int pick() {
        return values.get(random.nextInt(values.size()));
    }

    private int map() {
        List<ScalarOp> ops = dtype.isFloating() ? REAL_OPS : INTEGER_OPS;
        if (random.nextInt(6) == 0) {
            int condition = program.map(ScalarOp.LESS, values.get(0), values.get(1));
            return program.map(ScalarOp.WHERE, condition, pick(), pick());
        }
        ScalarOp op = ops.get(random.nextInt(ops.size()));
        int result = op.arity() == 1 ? program.map(op, pick()) : program.map(op, pick(), pick());
        // Products of products would leave all bounds.
        return dtype.isFloating() && op == ScalarOp.MULTIPLY ? program.map(ScalarOp.TANH, result) : result;
    }

    private int reduction() {
        List<ReduceOp> ops = List.of(ReduceOp.MAX, ReduceOp.MIN, ReduceOp.SUM, ReduceOp.PROD);
        ReduceOp op = ops.get(random.nextInt(dtype.isFloating() ? 2 : 4));
        int argument = pick();
        boolean isVector = program.returning(argument).values().get(argument).isVector();
        return isVector ? program.reduce(op, argument) : program.map(ScalarOp.NEGATIVE, argument);
    }
}
