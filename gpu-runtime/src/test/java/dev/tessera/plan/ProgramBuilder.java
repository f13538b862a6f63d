package dev.tessera.plan;

import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Assembles row programs for tests, a value being the index of its instruction. */
public final class ProgramBuilder {
    private final List<RowProgram.Input> inputs = new ArrayList<>();
    private final List<RowProgram.Instruction> instructions = new ArrayList<>();

    public int load(DType dtype, boolean isVector) {
        inputs.add(new RowProgram.Input(dtype, isVector));
        return add(new RowProgram.Load(inputs.size() - 1));
    }

    public int vector(DType dtype) {
        return load(dtype, true);
    }

    public int immediate(DType dtype, double value) {
        long bits = dtype.isFloating() ? Double.doubleToRawLongBits(value) : (long) value;
        return add(new RowProgram.Immediate(dtype, bits));
    }

    public int map(ScalarOp op, Integer... arguments) {
        return add(new RowProgram.Map(op, List.of(arguments)));
    }

    public int convert(DType dtype, int argument) {
        return add(new RowProgram.Convert(dtype, argument));
    }

    public int reduce(ReduceOp op, int argument) {
        return add(new RowProgram.Reduce(op, argument));
    }

    public RowProgram returning(Integer... values) {
        return new RowProgram(inputs, instructions, List.of(values));
    }

    private int add(RowProgram.Instruction instruction) {
        instructions.add(instruction);
        return instructions.size() - 1;
    }
}
