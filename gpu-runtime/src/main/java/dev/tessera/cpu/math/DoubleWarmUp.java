package dev.tessera.cpu.math;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Calls double64 primitives until they are compiled, and compares them with others. Confined to one thread. */
final class DoubleWarmUp {
    /** With 32 to 64 vectors a block, past the thresholds of C2 for loops and for calls. */
    private static final int CALLS = 6_000;

    private static final int BLOCK = 256;
    private static final double TOLERANCE = 0x1p-48;

    /** The one of most passes goes first: C2 would inline the passes of a call that has seen no more than two. */
    private static final List<Unary> FUNCTIONS = List.of(
            DoublePrimitives::gelu,
            DoublePrimitives::exp,
            DoublePrimitives::tanh,
            DoublePrimitives::sigmoid,
            DoublePrimitives::log,
            DoublePrimitives::erf,
            DoublePrimitives::expm1,
            DoublePrimitives::log1p,
            DoublePrimitives::log2,
            DoublePrimitives::softplus,
            DoublePrimitives::sin,
            DoublePrimitives::cos,
            DoublePrimitives::tan,
            DoubleWarmUp::pow,
            DoubleWarmUp::reduce);

    private final DoublePrimitives primitives;
    private final double[] x = new double[BLOCK];
    private final double[] out = new double[BLOCK];

    interface Unary {
        void apply(DoublePrimitives primitives, double[] x, int xAt, double[] out, int outAt, int n);
    }

    DoubleWarmUp(DoublePrimitives primitives) {
        this.primitives = primitives;
        for (int i = 0; i < BLOCK; i++) {
            x[i] = (i + 0.5) / 32;
        }
    }

    private static void pow(DoublePrimitives primitives, double[] x, int xAt, double[] out, int outAt, int n) {
        primitives.pow(x, xAt, x, xAt, out, outAt, n);
    }

    private static void reduce(DoublePrimitives primitives, double[] x, int xAt, double[] out, int outAt, int n) {
        out[outAt] = primitives.sum(x, xAt, n);
        out[outAt + 1] = primitives.dot(x, xAt, x, xAt, n);
        out[outAt + 2] = primitives.max(x, xAt, n);
        out[outAt + 3] = primitives.min(x, xAt, n);
    }

    /** Returns false if stopped before the end. */
    boolean run(BooleanSupplier stop) {
        for (Unary function : FUNCTIONS) {
            for (int call = 0; call < CALLS; call++) {
                if (stop.getAsBoolean()) {
                    return false;
                }
                function.apply(primitives, x, 0, out, 0, BLOCK);
            }
        }
        return true;
    }

    boolean agreesWith(DoublePrimitives others) {
        double[] expected = new double[BLOCK];
        for (Unary function : FUNCTIONS) {
            function.apply(primitives, x, 0, out, 0, BLOCK);
            function.apply(others, x, 0, expected, 0, BLOCK);
            for (int i = 0; i < BLOCK; i++) {
                if (!(Math.abs(out[i] - expected[i]) <= Math.abs(expected[i]) * TOLERANCE)) {
                    return false;
                }
            }
        }
        return true;
    }
}
