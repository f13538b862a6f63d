package dev.tessera.runtime;

import dev.tessera.plan.BufferSlot;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.plan.GemmStep;
import dev.tessera.plan.Operand;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.RowProgramStep;
import dev.tessera.plan.ScalarOp;
import dev.tessera.plan.Scope;
import dev.tessera.plan.Step;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.Dim;
import dev.tessera.tensor.Shape;
import dev.tessera.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The plans that rates are measured with: rows of {@link #WIDTH} float32, and a chain of steps over them. */
final class MeasuredPlans {
    /** Elements of a row. */
    static final int WIDTH = 256;

    /** The name of the square matrix that products take, a parameter. */
    static final String FACTOR = "factor";

    private static final Shape ROW = Shape.of(WIDTH);
    private static final Shape MATRIX = Shape.of(WIDTH, WIDTH);

    private MeasuredPlans() {}

    /** Gives back what it takes. */
    static ExecutionPlan copy() {
        return chain(0, false, (from, to) -> {
            throw new IllegalStateException("A copy has no steps");
        });
    }

    /** Adds 1 to every element, again and again. */
    static ExecutionPlan additions(int steps) {
        RowProgram program = new RowProgram(
                List.of(new RowProgram.Input(DType.FLOAT32, true)),
                List.of(
                        new RowProgram.Load(0),
                        new RowProgram.Immediate(DType.FLOAT32, Double.doubleToRawLongBits(1)),
                        new RowProgram.Map(ScalarOp.ADD, List.of(0, 1))),
                List.of(2));
        return chain(steps, false, (from, to) -> rowStep(program, from, to));
    }

    /** One step of {@code operations} operations on every element, every fourth of them an exponential. */
    static ExecutionPlan operations(int operations) {
        List<RowProgram.Instruction> instructions = new ArrayList<>(List.of(new RowProgram.Load(0)));
        for (int i = 0; i < operations; i++) {
            int last = instructions.size() - 1;
            ScalarOp op = i % 4 == 0 ? ScalarOp.EXP : ScalarOp.NEGATIVE;
            instructions.add(
                    i % 4 == 2
                            ? new RowProgram.Map(ScalarOp.MULTIPLY, List.of(last, 0))
                            : new RowProgram.Map(op, List.of(last)));
        }
        RowProgram program = new RowProgram(
                List.of(new RowProgram.Input(DType.FLOAT32, true)), instructions, List.of(instructions.size() - 1));
        return chain(1, false, (from, to) -> rowStep(program, from, to));
    }

    /** Multiplies all rows by a square matrix, again and again. */
    static ExecutionPlan products(int steps) {
        Operand factor = Operand.contiguous(1, MATRIX);
        return chain(steps, true, (from, to) -> new GemmStep(oneRowMatrix(from), factor, null, null, oneRowMatrix(to)));
    }

    private static Step rowStep(RowProgram program, Operand from, Operand to) {
        return new RowProgramStep(program, List.of(), Dim.of(WIDTH), List.of(from), List.of(to));
    }

    private static Operand oneRowMatrix(Operand row) {
        return Operand.contiguous(row.slot(), Shape.of(1, WIDTH));
    }

    private static ExecutionPlan chain(int steps, boolean takesFactor, BiFunction<Operand, Operand, Step> step) {
        TensorType row = new TensorType(DType.FLOAT32, ROW);
        BufferSlot slot = new BufferSlot(Scope.ROW, DType.FLOAT32, ROW.elementCount());
        List<BufferSlot> slots = new ArrayList<>(List.of(slot));
        List<ExecutionPlan.PlanInput> inputs = new ArrayList<>(List.of(new ExecutionPlan.PlanInput("x", row, 0)));
        if (takesFactor) {
            slots.add(new BufferSlot(Scope.PARAMETER, DType.FLOAT32, MATRIX.elementCount()));
            inputs.add(new ExecutionPlan.PlanInput(FACTOR, new TensorType(DType.FLOAT32, MATRIX), 1));
        }
        List<Step> chain = new ArrayList<>();
        Operand last = Operand.contiguous(0, ROW);
        for (int i = 0; i < steps; i++) {
            slots.add(slot);
            Operand next = Operand.contiguous(slots.size() - 1, ROW);
            chain.add(step.apply(last, next));
            last = next;
        }
        List<ExecutionPlan.PlanOutput> outputs = List.of(new ExecutionPlan.PlanOutput("y", row, last));
        return new ExecutionPlan(slots, List.of(), inputs, List.of(), List.of(), chain, outputs);
    }
}
