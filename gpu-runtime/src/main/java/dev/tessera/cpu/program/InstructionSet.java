package dev.tessera.cpu.program;

import dev.tessera.cpu.math.DoublePrimitives;
import dev.tessera.cpu.math.FloatPrimitives;
import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.RowProgram;
import dev.tessera.plan.ScalarOp;
import dev.tessera.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernels of all dtypes. Immutable; shared by all tasks of a backend. */
public final class InstructionSet {
    private final FloatInstructions floats;
    private final DoubleInstructions doubles;
    private final Instructions ints = new Int32Instructions();
    private final Instructions longs = new Int64Instructions();
    private final Instructions bools = new BoolInstructions();

    public InstructionSet(FloatPrimitives floats, DoublePrimitives doubles) {
        this.floats = new FloatInstructions(floats);
        this.doubles = new DoubleInstructions(doubles);
    }

    private Instructions of(DType dtype) {
        return switch (dtype) {
            case BOOL -> bools;
            case INT32 -> ints;
            case INT64 -> longs;
            case FLOAT32 -> floats;
            case FLOAT64 -> doubles;
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalStateException("No value of a program is " + dtype);
        };
    }

    /** The kernel of a function or a conversion, its arguments and its result having one extent. */
    Kernel compute(RowProgram.Instruction instruction, List<Register> arguments, Register out) {
        if (instruction instanceof RowProgram.Map map) {
            DType dtype = arguments.get(arguments.size() - 1).dtype();
            return of(dtype).map(map.op(), arguments, out);
        }
        if (instruction instanceof RowProgram.Convert) {
            return Conversions.of(arguments.get(0), out);
        }
        throw new IllegalStateException(instruction + " is no function");
    }

    boolean takesNumber(ScalarOp op, DType dtype, boolean scalarFirst) {
        return dtype.isFloating()
                && (op == ScalarOp.ADD
                        || op == ScalarOp.MULTIPLY
                        || (!scalarFirst && (op == ScalarOp.SUBTRACT || op == ScalarOp.DIVIDE)));
    }

    @Nullable
    Kernel mapWithScalar(ScalarOp op, Register x, Register scalar, Register out, boolean scalarFirst) {
        return of(x.dtype()).mapWithScalar(op, x, scalar, out, scalarFirst);
    }

    /** Two factors and what is added to their product, float32 or float64. */
    Kernel multiplyAdd(List<Register> arguments, Register out) {
        Register x = arguments.get(0);
        Register y = arguments.get(1);
        Register z = arguments.get(2);
        return x.dtype() == DType.FLOAT32 ? floats.multiplyAdd(x, y, z, out) : doubles.multiplyAdd(x, y, z, out);
    }

    Kernel scaleShift(Register x, Register scale, Register shift, Register out) {
        return x.dtype() == DType.FLOAT32
                ? floats.scaleShift(x, scale, shift, out)
                : doubles.scaleShift(x, scale, shift, out);
    }

    Reducer reduce(ReduceOp op, Register argument, Register out, int groups) {
        return of(argument.dtype()).reduce(op, argument, out, groups);
    }

    /** Stores the number of an immediate. */
    void fill(RowProgram.Immediate immediate, Register register) {
        switch (immediate.dtype()) {
            case BOOL -> register.bytes()[0] = (byte) immediate.bits();
            case INT32 -> register.ints()[0] = (int) immediate.bits();
            case INT64 -> register.longs()[0] = immediate.bits();
            case FLOAT32 -> register.floats()[0] = (float) immediate.doubleValue();
            case FLOAT64 -> register.doubles()[0] = immediate.doubleValue();
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(immediate.toString());
        }
    }
}
