package dev.tessera.cpu.math;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Calls float32 primitives until they are compiled, and compares them with others. Confined to one thread. */
final class FloatWarmUp {
    /** With 32 vectors a block, past the thresholds of C2 for loops and for calls. */
    private static final int CALLS = 6_000;

    private static final int BLOCK = 256;
    private static final float TOLERANCE = 0x1p-20f;

    /** The one of most passes goes first: C2 would inline the passes of a call that has seen no more than two. */
    private static final List<Unary> FUNCTIONS = List.of(
            FloatPrimitives::gelu,
            FloatPrimitives::exp,
            FloatPrimitives::tanh,
            FloatPrimitives::sigmoid,
            FloatPrimitives::log,
            FloatPrimitives::erf,
            FloatPrimitives::expm1,
            FloatPrimitives::log1p,
            FloatPrimitives::log2,
            FloatPrimitives::softplus,
            FloatPrimitives::sin,
            FloatPrimitives::cos,
            FloatPrimitives::tan,
            FloatWarmUp::pow,
            FloatWarmUp::reduce);

    private final FloatPrimitives primitives;
    private final float[] x = new float[BLOCK];
    private final float[] out = new float[BLOCK];

    interface Unary {
        void apply(FloatPrimitives primitives, float[] x, int xAt, float[] out, int outAt, int n);
    }

    FloatWarmUp(FloatPrimitives primitives) {
        this.primitives = primitives;
        for (int i = 0; i < BLOCK; i++) {
            x[i] = (i + 0.5f) / 32;
        }
    }

    private static void pow(FloatPrimitives primitives, float[] x, int xAt, float[] out, int outAt, int n) {
        primitives.pow(x, xAt, x, xAt, out, outAt, n);
    }

    private static void reduce(FloatPrimitives primitives, float[] x, int xAt, float[] out, int outAt, int n) {
        out[outAt] = (float) primitives.sum(x, xAt, n);
        out[outAt + 1] = (float) primitives.dot(x, xAt, x, xAt, n);
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

    boolean agreesWith(FloatPrimitives others) {
        float[] expected = new float[BLOCK];
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
