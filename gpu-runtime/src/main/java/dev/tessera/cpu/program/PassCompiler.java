package dev.tessera.cpu.program;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what one pass over the lanes of a row does: loads, functions, then reductions and stores. A register is used
 * again as soon as its value has been read for the last time. Used once, by one thread.
 */
final class PassCompiler {
    private final ProgramCompiler compiler;
    private final RowProgram program;
    private final ProgramValues values;
    private final int stage;
    private final CompiledProgram.Pass pass;
    private final boolean[] isComputed;
    private final int[] usesLeft;
    private final @Nullable Register[] registers;
    private final Map<DType, Deque<Register>> free = new EnumMap<>(DType.class);

    PassCompiler(ProgramCompiler compiler, int stage) {
        this.compiler = compiler;
        this.program = compiler.program();
        this.values = compiler.values();
        this.stage = stage;
        this.pass = compiler.pass(stage);
        this.isComputed = new boolean[values.count()];
        this.usesLeft = new int[values.count()];
        this.registers = new Register[values.count()];
    }

    void compile() {
        demandRoots();
        for (int value = values.count() - 1; value >= 0; value--) {
            if (isComputed[value]) {
                for (int argument : values.arguments(value)) {
                    demand(argument);
                }
            }
        }
        // A load may read what a store of the same pass writes in place, so all loads come first and all stores last.
        for (int value = 0; value < values.count(); value++) {
            if (isComputed[value] && program.instructions().get(value) instanceof RowProgram.Load load) {
                load(load.input(), resultRegister(value));
            }
        }
        for (int value = 0; value < values.count(); value++) {
            if (isComputed[value] && !(program.instructions().get(value) instanceof RowProgram.Load)) {
                compute(value);
            }
        }
        reduce();
        store();
    }

    private void demandRoots() {
        for (int value = 0; value < values.count(); value++) {
            if (!values.isNeeded(value)) {
                continue;
            }
            if (program.instructions().get(value) instanceof RowProgram.Reduce reduce && isReducedHere(reduce)) {
                demand(reduce.argument());
            }
            if (isKeptHere(value)) {
                demand(value);
            }
        }
        for (int i = 0; i < program.outputs().size(); i++) {
            if (isStoredHere(i)) {
                demand(program.outputs().get(i));
            }
        }
    }

    private boolean isKeptHere(int value) {
        return compiler.isKept(value) && values.stage(value) == stage;
    }

    private boolean isReducedHere(RowProgram.Reduce reduce) {
        return values.stage(reduce.argument()) == stage;
    }

    private boolean isStoredHere(int output) {
        boolean isVector = compiler.axes().isVector(program.inputs().size() + output);
        return isVector && values.stage(program.outputs().get(output)) == stage;
    }

    private void demand(int value) {
        if (values.isLane(value)) {
            usesLeft[value]++;
            isComputed[value] |= !compiler.isKnownBefore(value, stage);
        }
    }

    private void load(int operand, Register register) {
        long laneStride = compiler.axes().laneStride(operand);
        long groupStride = compiler.axes().groupStride(operand);
        pass.lanes.add(
                compiler.groups() == 1
                        ? (tile, count) -> tile.operands[operand].load(
                                tile.base[operand] + tile.lane * laneStride,
                                laneStride,
                                register.values(),
                                register.at(tile),
                                count)
                        : (tile, count) -> GroupTransfer.load(tile, operand, laneStride, groupStride, register));
    }

    private void compute(int value) {
        RowProgram.Instruction instruction = program.instructions().get(value);
        Kernel kernel = null;
        if (instruction instanceof RowProgram.Map map) {
            kernel = values.isFusedSum(value) ? fusedKernel(value) : kernelWithNumber(map, value);
        }
        if (kernel == null) {
            List<Register> arguments =
                    values.arguments(value).stream().map(this::register).toList();
            release(value);
            kernel = compiler.instructions().compute(instruction, arguments, resultRegister(value));
        }
        pass.lanes.add(kernel);
    }

    private Kernel fusedKernel(int value) {
        List<Integer> arguments = values.arguments(value);
        int x = values.isLane(arguments.get(0)) ? arguments.get(0) : arguments.get(1);
        int y = values.isLane(arguments.get(0)) ? arguments.get(1) : arguments.get(0);
        Register scale = values.isLane(y) ? null : compiler.numberRegister(y);
        int z = arguments.get(2);
        Register shift = values.isLane(z) ? null : compiler.numberRegister(z);
        if (scale != null && shift != null) {
            Register from = register(x);
            release(value);
            return compiler.instructions().scaleShift(from, scale, shift, resultRegister(value));
        }
        List<Register> read = List.of(register(x), register(y), register(z));
        release(value);
        return compiler.instructions().multiplyAdd(read, resultRegister(value));
    }

    private @Nullable Kernel kernelWithNumber(RowProgram.Map map, int value) {
        if (map.op().arity() != 2 || map.op() == ScalarOp.POWER) {
            return null;
        }
        int first = map.arguments().get(0);
        int second = map.arguments().get(1);
        if (values.isLane(first) == values.isLane(second)) {
            return null;
        }
        boolean scalarFirst = !values.isLane(first);
        Register number = compiler.numberRegister(scalarFirst ? first : second);
        if (number == null) {
            return null;
        }
        Register x = register(scalarFirst ? second : first);
        InstructionSet instructions = compiler.instructions();
        if (!instructions.takesNumber(map.op(), values.dtype(first), scalarFirst)) {
            return null;
        }
        release(value);
        return instructions.mapWithScalar(map.op(), x, number, resultRegister(value), scalarFirst);
    }

    private void reduce() {
        for (int value = 0; value < values.count(); value++) {
            if (values.isNeeded(value)
                    && program.instructions().get(value) instanceof RowProgram.Reduce reduce
                    && isReducedHere(reduce)) {
                ReduceOp op = reduce.op();
                Reducer reducer = compiler.instructions()
                        .reduce(op, register(reduce.argument()), compiler.reductionRegister(value), compiler.groups());
                pass.reducers.add(reducer);
                pass.lanes.add((tile, count) -> reducer.accumulate(tile));
            }
        }
    }

    private void store() {
        for (int i = 0; i < program.outputs().size(); i++) {
            if (isStoredHere(i)) {
                int operand = program.inputs().size() + i;
                Register register = register(program.outputs().get(i));
                long laneStride = compiler.axes().laneStride(operand);
                long groupStride = compiler.axes().groupStride(operand);
                pass.lanes.add(
                        compiler.groups() == 1
                                ? (tile, count) -> tile.operands[operand].store(
                                        tile.base[operand] + tile.lane * laneStride,
                                        laneStride,
                                        register.values(),
                                        register.at(tile),
                                        count)
                                : (tile, count) ->
                                        GroupTransfer.store(tile, operand, laneStride, groupStride, register));
            }
        }
    }

    private Register register(int value) {
        Register register = registers[value];
        return register != null ? register : compiler.laneRegister(value);
    }

    private Register resultRegister(int value) {
        DType dtype = values.dtype(value);
        Register register;
        if (isKeptHere(value)) {
            register = spareRow(dtype);
            compiler.keep(value, register);
        } else {
            Deque<Register> spare = free(dtype);
            register = spare.isEmpty() ? compiler.newBlock(dtype) : spare.pop();
        }
        registers[value] = register;
        return register;
    }

    private Register spareRow(DType dtype) {
        for (Iterator<Register> spare = free(dtype).iterator(); spare.hasNext(); ) {
            Register register = spare.next();
            if (register.holdsRow()) {
                spare.remove();
                return register;
            }
        }
        return compiler.newRow(dtype);
    }

    private Deque<Register> free(DType dtype) {
        return free.computeIfAbsent(dtype, key -> new ArrayDeque<>(compiler.blocks(key)));
    }

    /**
     * Gives back the registers of those arguments of {@code value} that nothing reads later, rows of earlier passes among
     * them: so a chain of passes works in place where it can.
     */
    private void release(int value) {
        for (int argument : values.arguments(value)) {
            usesLeft[argument]--;
            if (usesLeft[argument] == 0) {
                Register own = isKeptHere(argument) ? null : registers[argument];
                Register register = own != null ? own : compiler.rowReadLastBy(stage, argument);
                if (register != null) {
                    free(register.dtype()).push(register);
                }
            }
        }
    }
}
