package dev.tessera.cpu.program;

import dev.tessera.plan.ReduceOp;
import dev.tessera.plan.ScalarOp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernels of one dtype: that of the (value) arguments. */
interface Instructions {
    /** The kernel of a scalar function, its arguments and its result having one extent. */
    Kernel map(ScalarOp op, List<Register> arguments, Register out);

    /**
     * The kernel of {@code op} where the second argument (the first, if {@code scalarFirst}) is the one number in
     * {@code scalar}, or null where there is none and the number has to be repeated.
     */
    default @Nullable Kernel mapWithScalar(
            ScalarOp op, Register x, Register scalar, Register out, boolean scalarFirst) {
        return null;
    }

    /** The reduction of {@code argument} to one element of {@code out} per group, for at most {@code groups} of them. */
    Reducer reduce(ReduceOp op, Register argument, Register out, int groups);
}
