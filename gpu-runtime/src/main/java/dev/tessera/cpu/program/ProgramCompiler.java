package dev.tessera.cpu.program;

import dev.tessera.cpu.program.ProgramValues.Extent;
import dev.tessera.plan.RowProgram;
import dev.tessera.tensor.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a program on its axes to kernels over registers. Used once, by one thread.
 *
 * <p>A row is passed over once for every stage of reductions. A value that a later pass reads is kept for the whole row
 * if rows are short enough, and computed again if they are not.
 */
final class ProgramCompiler {
    /**
     * Elements per block: enough that calling kernels costs little beside what they do, and few enough that a handful of
     * blocks fits the first cache together.
     */
    static final int BLOCK = 1024;

    /** The longest row of which values are kept between passes. */
    static final int MAX_KEPT_LENGTH = 8192;

    private final RowProgram program;
    private final ProgramAxes axes;
    private final ProgramValues values;
    private final InstructionSet instructions;
    private final int groups;
    private final int lanes;
    private final boolean keepsRows;
    private final boolean[] isKept;
    /** The last pass that reads a value along the lanes. */
    private final int[] lastReads;
    /** Registers of values that are not of one pass alone, and of those that are repeated along the lanes. */
    private final @Nullable Register[] registers;

    private final @Nullable Register[] repeated;
    /** The blocks of all passes, of which no value outlives one. */
    private final Map<DType, List<Register>> blocks = new EnumMap<>(DType.class);

    private final List<Kernel> prologue = new ArrayList<>();
    private final List<CompiledProgram.Pass> passes = new ArrayList<>();

    private ProgramCompiler(RowProgram program, ProgramAxes axes, InstructionSet instructions) {
        this.program = program;
        this.axes = axes;
        this.values = new ProgramValues(program, axes);
        this.instructions = instructions;
        this.groups = axes.groupsPerTile();
        this.lanes = (int) Math.min(BLOCK, axes.length());
        this.keepsRows = axes.length() <= MAX_KEPT_LENGTH;
        this.isKept = new boolean[values.count()];
        this.lastReads = new int[values.count()];
        this.registers = new Register[values.count()];
        this.repeated = new Register[values.count()];
    }

    static CompiledProgram compile(RowProgram program, ProgramAxes axes, InstructionSet instructions) {
        return new ProgramCompiler(program, axes, instructions).compile();
    }

    private CompiledProgram compile() {
        for (int stage = 0; stage <= values.lastStage(); stage++) {
            passes.add(new CompiledProgram.Pass());
        }
        keepValues();
        for (int value = 0; value < values.count(); value++) {
            if (values.isNeeded(value)) {
                compileOutsideLanes(value);
            }
        }
        for (int stage = 0; stage < passes.size(); stage++) {
            new PassCompiler(this, stage).compile();
        }
        List<Kernel> stores = new ArrayList<>();
        for (int i = 0; i < program.outputs().size(); i++) {
            int operand = program.inputs().size() + i;
            if (!axes.isVector(operand)) {
                Register register = groupRegister(program.outputs().get(i));
                long stride = axes.groupStride(operand);
                stores.add((tile, count) ->
                        tile.operands[operand].store(tile.base[operand], stride, register.values(), 0, count));
            }
        }
        return new CompiledProgram(axes, prologue, passes, stores);
    }

    private void keepValues() {
        for (int value = 0; value < values.count(); value++) {
            if (values.isNeeded(value) && values.isLane(value) && keepsRows) {
                for (int argument : values.arguments(value)) {
                    boolean isOfEarlierPass = values.isLane(argument) && values.stage(argument) < values.stage(value);
                    isKept[argument] |= isOfEarlierPass && !isHoisted(argument);
                    lastReads[argument] = Math.max(lastReads[argument], values.stage(value));
                }
            }
        }
    }

    /** Compiles a value that does not vary along the lanes, or is loaded before all of them. */
    private void compileOutsideLanes(int value) {
        DType dtype = values.dtype(value);
        RowProgram.Instruction instruction = program.instructions().get(value);
        switch (values.extent(value)) {
            case UNIFORM -> {
                Register register = Register.ofBlock(dtype, 1);
                registers[value] = register;
                if (instruction instanceof RowProgram.Immediate immediate) {
                    instructions.fill(immediate, register);
                } else {
                    prologue.add(scalarKernel(instruction, register, 1));
                }
            }
            case GROUP -> {
                Register register = Register.ofBlock(dtype, groups);
                registers[value] = register;
                if (!(instruction instanceof RowProgram.Reduce)) {
                    passes.get(values.stage(value)).scalars.add(scalarKernel(instruction, register, groups));
                }
            }
            case LANE -> {
                if (isHoisted(value)) {
                    hoist(((RowProgram.Load) instruction).input(), value);
                }
            }
        }
    }

    private Kernel scalarKernel(RowProgram.Instruction instruction, Register register, int capacity) {
        if (instruction instanceof RowProgram.Load load) {
            int operand = load.input();
            long stride = axes.groupStride(operand);
            return (tile, count) ->
                    tile.operands[operand].load(tile.base[operand], stride, register.values(), 0, count);
        }
        List<Register> arguments = new ArrayList<>();
        for (int argument : instruction.arguments()) {
            arguments.add(capacity == 1 ? scalarRegister(argument) : groupRegister(argument));
        }
        return instructions.compute(instruction, arguments, register);
    }

    /** A vector that is the same for all groups is loaded, and repeated for them, once per run. */
    private boolean isHoisted(int value) {
        return program.instructions().get(value) instanceof RowProgram.Load load
                && groups > 1
                && axes.isUniform(load.input());
    }

    private void hoist(int operand, int value) {
        Register register = Register.ofBlock(values.dtype(value), groups * lanes);
        registers[value] = register;
        long stride = axes.laneStride(operand);
        if (lanes == 0) {
            // A view of no elements may start behind the end of its slot, where even none can be loaded from.
            return;
        }
        prologue.add((tile, count) -> {
            for (int group = 0; group < groups; group++) {
                tile.operands[operand].load(tile.base[operand], stride, register.values(), group * lanes, lanes);
            }
        });
    }

    /** The register of a value that does not vary along the lanes. */
    private Register scalarRegister(int value) {
        Register register = registers[value];
        if (register == null) {
            throw new IllegalStateException("Value %d is not computed: %s".formatted(value, program));
        }
        return register;
    }

    /** The register with an element of the value for each group. */
    private Register groupRegister(int value) {
        Register register = scalarRegister(value);
        if (values.extent(value) == Extent.GROUP || groups == 1) {
            return register;
        }
        Register perGroup = Register.ofBlock(values.dtype(value), groups);
        prologue.add((tile, count) -> register.repeat(0, perGroup, 0, groups));
        return perGroup;
    }

    /** The register of a value that is known before a pass, with a block of it for all lanes. */
    Register laneRegister(int value) {
        if (values.isLane(value)) {
            return scalarRegister(value);
        }
        Register block = repeated[value];
        if (block == null) {
            block = Register.ofBlock(values.dtype(value), groups * lanes);
            repeated[value] = block;
            repeat(value, scalarRegister(value), block);
        }
        return block;
    }

    private void repeat(int value, Register scalar, Register block) {
        if (values.extent(value) == Extent.UNIFORM) {
            prologue.add((tile, count) -> scalar.repeat(0, block, 0, groups * lanes));
            return;
        }
        passes.get(values.stage(value)).scalars.add((tile, count) -> {
            for (int group = 0; group < count; group++) {
                scalar.repeat(group, block, group * lanes, lanes);
            }
        });
    }

    /** The register with the one number that a value is in a tile, or null if the number varies within tiles. */
    @Nullable
    Register numberRegister(int value) {
        boolean isNumber =
                values.extent(value) == Extent.UNIFORM || (values.extent(value) == Extent.GROUP && groups == 1);
        return isNumber ? scalarRegister(value) : null;
    }

    /** Whether a value that varies along the lanes is there before a pass begins. */
    boolean isKnownBefore(int value, int stage) {
        return registers[value] != null && (isHoisted(value) || values.stage(value) < stage);
    }

    /** Whether a value is kept for whole rows, since a later pass reads it. */
    boolean isKept(int value) {
        return isKept[value];
    }

    /** The register of a value that an earlier pass keeps and no later pass than {@code stage} reads, or else null. */
    @Nullable
    Register rowReadLastBy(int stage, int value) {
        boolean isLast = isKept[value] && values.stage(value) < stage && lastReads[value] <= stage;
        return isLast ? registers[value] : null;
    }

    /** Says where a value that is kept for whole rows will be. */
    void keep(int value, Register row) {
        registers[value] = row;
    }

    Register newRow(DType dtype) {
        return Register.ofRow(dtype, Math.toIntExact(groups * axes.length()));
    }

    Register newBlock(DType dtype) {
        Register block = Register.ofBlock(dtype, groups * lanes);
        blocks.computeIfAbsent(dtype, key -> new ArrayList<>()).add(block);
        return block;
    }

    /** All blocks made so far, which are free when a pass begins. */
    List<Register> blocks(DType dtype) {
        return blocks.getOrDefault(dtype, List.of());
    }

    int groups() {
        return groups;
    }

    RowProgram program() {
        return program;
    }

    ProgramAxes axes() {
        return axes;
    }

    ProgramValues values() {
        return values;
    }

    InstructionSet instructions() {
        return instructions;
    }

    CompiledProgram.Pass pass(int stage) {
        return passes.get(stage);
    }

    Register reductionRegister(int value) {
        return scalarRegister(value);
    }
}
