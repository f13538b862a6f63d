package dev.tessera.plan;

import dev.tessera.tensor.DType;
import java.util.List;
import java.util.function.Supplier;

/** Reads row programs. */
public final class RowProgramReader {
    private static final int MAX_ARGUMENTS = 16;
    private static final int PROGRAM_BYTES = 32;
    private static final int INPUT_BYTES = 24;
    private static final int INSTRUCTION_BYTES = 24;
    private static final int BOXED_BYTES = 16;

    private final WireInput input;
    private final Supplier<RowProgram.Input> readInput = this::readInput;
    private final Supplier<RowProgram.Instruction> readInstruction = this::readInstruction;
    private final Supplier<Integer> readValue = this::readValue;

    public RowProgramReader(WireInput input) {
        this.input = input;
    }

    public RowProgram read() {
        input.charge(PROGRAM_BYTES);
        List<RowProgram.Input> inputs = input.readList(
                "inputs of a program", WireLayout.PROGRAM_INPUT_BYTES, PlanLimits.MAX_PROGRAM_OPERANDS, readInput);
        List<RowProgram.Instruction> instructions = input.readList(
                "instructions", WireLayout.INSTRUCTION_BYTES, PlanLimits.MAX_INSTRUCTIONS, readInstruction);
        List<Integer> outputs = input.readList(
                "outputs of a program", WireLayout.INT_BYTES, PlanLimits.MAX_PROGRAM_OPERANDS, readValue);
        return new RowProgram(inputs, instructions, outputs);
    }

    private RowProgram.Input readInput() {
        input.charge(INPUT_BYTES);
        DType dtype = input.readCode(DType::ofWireCode);
        return new RowProgram.Input(dtype, input.readBoolean());
    }

    private RowProgram.Instruction readInstruction() {
        input.charge(INSTRUCTION_BYTES);
        int code = input.readInt();
        return switch (code) {
            case WireLayout.LOAD -> new RowProgram.Load(input.readInt());
            case WireLayout.IMMEDIATE -> new RowProgram.Immediate(input.readCode(DType::ofWireCode), input.readLong());
            case WireLayout.MAP ->
                new RowProgram.Map(
                        input.readCode(ScalarOp::ofWireCode),
                        input.readList("arguments", WireLayout.INT_BYTES, MAX_ARGUMENTS, readValue));
            case WireLayout.CONVERT -> new RowProgram.Convert(input.readCode(DType::ofWireCode), input.readInt());
            case WireLayout.REDUCE -> new RowProgram.Reduce(input.readCode(ReduceOp::ofWireCode), input.readInt());
            default -> throw input.failure(PlanCheck.CODE, "no kind of instruction has code " + code);
        };
    }

    private Integer readValue() {
        input.charge(BOXED_BYTES);
        return input.readInt();
    }
}
