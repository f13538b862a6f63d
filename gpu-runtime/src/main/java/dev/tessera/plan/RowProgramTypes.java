package dev.tessera.plan;

import java.util.List;
import java.util.function.Supplier;

/** What a row program demands of itself and of the operands it runs on, but for sizes. */
final class RowProgramTypes {
    private RowProgramTypes() {}

    static void check(RowProgramStep step, StepTypes types) {
        RowProgram program = step.program();
        requireAtMost(program.instructions().size(), PlanLimits.MAX_INSTRUCTIONS, "instructions");
        requireAtMost(program.inputs().size(), PlanLimits.MAX_PROGRAM_OPERANDS, "inputs");
        requireAtMost(program.outputs().size(), PlanLimits.MAX_PROGRAM_OPERANDS, "outputs");
        List<RowProgram.Value> values = values(program);
        require(
                program.inputs().size() == step.inputs().size()
                        && program.outputs().size() == step.outputs().size()
                        && !step.outputs().isEmpty(),
                () -> "%d inputs and %d outputs for a program of %d and %d"
                        .formatted(
                                step.inputs().size(),
                                step.outputs().size(),
                                program.inputs().size(),
                                program.outputs().size()));
        int outerRank = step.outer().size();
        for (int i = 0; i < step.inputs().size(); i++) {
            RowProgram.Input input = program.inputs().get(i);
            types.requireDType(step.inputs().get(i), input.dtype(), "input " + i);
            requireRank(step.inputs().get(i), outerRank, input.isVector(), "input " + i);
        }
        for (int i = 0; i < step.outputs().size(); i++) {
            int index = program.outputs().get(i);
            require(
                    index >= 0 && index < values.size(),
                    () -> "an output is value %d of %d".formatted(index, values.size()));
            RowProgram.Value value = values.get(index);
            types.requireDType(step.outputs().get(i), value.dtype(), "output " + i);
            requireRank(step.outputs().get(i), outerRank, value.isVector(), "output " + i);
        }
    }

    private static List<RowProgram.Value> values(RowProgram program) {
        List<RowProgram.Value> values;
        try {
            values = program.values();
        } catch (IllegalArgumentException e) {
            throw new Refusal(PlanCheck.PROGRAM, String.valueOf(e.getMessage()));
        }
        for (RowProgram.Instruction instruction : program.instructions()) {
            if (instruction instanceof RowProgram.Immediate immediate) {
                require(holds(immediate), () -> "%s cannot be %d".formatted(immediate.dtype(), immediate.bits()));
            }
        }
        return values;
    }

    private static boolean holds(RowProgram.Immediate immediate) {
        long bits = immediate.bits();
        return switch (immediate.dtype()) {
            case BOOL -> bits == 0 || bits == 1;
            case INT32 -> bits == (int) bits;
            case INT64, FLOAT32, FLOAT64 -> true;
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> false;
        };
    }

    private static void requireRank(Operand operand, int outerRank, boolean isVector, String name) {
        int rank = isVector ? outerRank + 1 : outerRank;
        require(operand.rank() == rank, () -> "%s has rank %d, not %d".formatted(name, operand.rank(), rank));
    }

    private static void requireAtMost(int count, int most, String what) {
        Refusal.require(count <= most, PlanCheck.COUNT, () -> "%d %s, at most %d".formatted(count, what, most));
    }

    private static void require(boolean holds, Supplier<String> why) {
        Refusal.require(holds, PlanCheck.PROGRAM, why);
    }
}
