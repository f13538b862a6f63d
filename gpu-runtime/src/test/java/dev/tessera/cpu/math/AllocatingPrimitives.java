package dev.tessera.cpu.math;

import dev.tessera.plan.AllocatedBytes;
import java.util.LinkedHashMap;
import java.util.Map;

/** Prints what each warm primitive of the Vector API twins allocates: a name and the bytes of {@link #CALLS} calls. */
final class AllocatingPrimitives {
    static final int CALLS = 500;

    private static final int ROW = 256;
    private static final int ATTEMPTS = 60;

    private final FloatPrimitives floats;
    private final DoublePrimitives doubles;
    private final float[] x = new float[ROW];
    private final float[] out = new float[ROW];
    private final double[] wideX = new double[ROW];
    private final double[] wideOut = new double[ROW];
    /** Elements that the twins leave to the plain primitives, beside others: zeros and infinities. */
    private final float[] mixed = new float[ROW];

    private final double[] wideMixed = new double[ROW];

    private AllocatingPrimitives(FloatPrimitives floats, DoublePrimitives doubles) {
        this.floats = floats;
        this.doubles = doubles;
        for (int i = 0; i < ROW; i++) {
            wideX[i] = (i + 0.5) / 32;
            x[i] = (float) wideX[i];
            wideMixed[i] = i % 5 == 0 ? 0.0 : i % 7 == 0 ? Double.POSITIVE_INFINITY : wideX[i];
            mixed[i] = (float) wideMixed[i];
        }
    }

    public static void main(String[] arguments) throws ReflectiveOperationException {
        FloatPrimitives floats = VectorTwins.instance("VectorFloatPrimitives", FloatPrimitives.class);
        DoublePrimitives doubles = VectorTwins.instance("VectorDoublePrimitives", DoublePrimitives.class);
        new FloatWarmUp(floats).run(() -> false);
        new DoubleWarmUp(doubles).run(() -> false);
        new AllocatingPrimitives(floats, doubles)
                .cases()
                .forEach((name, primitive) -> System.out.println(name + " " + leastOf(primitive)));
    }

    private Map<String, Runnable> cases() {
        Map<String, Runnable> cases = new LinkedHashMap<>();
        for (FloatAccuracyTest.Function function : FloatAccuracyTest.Function.values()) {
            cases.put("float-" + function, () -> function.apply(floats, x, out));
        }
        for (DoubleFunction function : DoubleFunction.values()) {
            cases.put("double-" + function, () -> function.apply(doubles, wideX, wideOut));
        }
        cases.put("float-POW", () -> floats.pow(x, 0, x, 0, out, 0, ROW));
        cases.put("double-POW", () -> doubles.pow(wideX, 0, wideX, 0, wideOut, 0, ROW));
        cases.put("float-SUM", () -> out[0] = (float) floats.sum(x, 0, ROW));
        cases.put("float-DOT", () -> out[0] = (float) floats.dot(x, 0, x, 0, ROW));
        cases.put("float-MAX", () -> out[0] = floats.max(x, 0, ROW));
        cases.put("float-MIN", () -> out[0] = floats.min(x, 0, ROW));
        cases.put("double-SUM", () -> wideOut[0] = doubles.sum(wideX, 0, ROW));
        cases.put("double-DOT", () -> wideOut[0] = doubles.dot(wideX, 0, wideX, 0, ROW));
        cases.put("double-MAX", () -> wideOut[0] = doubles.max(wideX, 0, ROW));
        cases.put("double-MIN", () -> wideOut[0] = doubles.min(wideX, 0, ROW));
        cases.put("float-LOG-of-mixed", () -> floats.log(mixed, 0, out, 0, ROW));
        cases.put("float-LOG1P-of-mixed", () -> floats.log1p(mixed, 0, out, 0, ROW));
        cases.put("float-POW-of-mixed", () -> floats.pow(mixed, 0, mixed, 0, out, 0, ROW));
        cases.put("double-LOG-of-mixed", () -> doubles.log(wideMixed, 0, wideOut, 0, ROW));
        cases.put("double-LOG1P-of-mixed", () -> doubles.log1p(wideMixed, 0, wideOut, 0, ROW));
        cases.put("double-POW-of-mixed", () -> doubles.pow(wideMixed, 0, wideMixed, 0, wideOut, 0, ROW));
        return cases;
    }

    /** The least of some attempts: new arguments can make C2 compile anew, and until then vectors are objects. */
    private static long leastOf(Runnable primitive) {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least > 0; attempt++) {
            least = Math.min(least, AllocatedBytes.during(() -> {
                for (int i = 0; i < CALLS; i++) {
                    primitive.run();
                }
            }));
        }
        return least;
    }
}
