package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.vector.FloatLanes.SPECIES;

import dev.tessera.cpu.math.PlainFloatPrimitives;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The float32 primitives with the Vector API where it is faster than what C2 makes of the plain loops. Elements past the
 * last whole vector, and vectors with an argument outside the fast range, are computed by the plain primitives, whose
 * results are the same. Any number of threads may share one.
 */
public final class VectorFloatPrimitives extends PlainFloatPrimitives {
    private static final int LANES = SPECIES.length();

    /** Elements in one go, also in sums; see {@link dev.tessera.cpu.math.FloatPrimitives#sum}. */
    private static final int BLOCK = FloatCompositions.BLOCK;

    /** The scratch of each thread. */
    private final ThreadLocal<FloatCompositions> compositions = ThreadLocal.withInitial(FloatCompositions::new);

    public VectorFloatPrimitives() {}

    @Override
    public void exp(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatLanes.exp(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(out, outAt + i);
        }
        super.exp(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void expm1(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatLanes.expm1(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(out, outAt + i);
        }
        super.expm1(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void tanh(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatLanes.tanh(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(out, outAt + i);
        }
        super.tanh(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void sigmoid(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatLanes.sigmoid(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(out, outAt + i);
        }
        super.sigmoid(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void softplus(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        FloatCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            c.softplus(x, xAt + at, out, outAt + at, Math.min(BLOCK, end - at));
        }
        super.softplus(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void erf(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        FloatCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            c.erf(x, xAt + at, out, outAt + at, Math.min(BLOCK, end - at));
        }
        super.erf(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void gelu(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        FloatCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            c.gelu(x, xAt + at, out, outAt + at, Math.min(BLOCK, end - at));
        }
        super.gelu(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void log(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            if (FloatLanes.isNormal(v)) {
                FloatLanes.log(v).intoArray(out, outAt + i);
            } else {
                super.log(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.log(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void log2(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            if (FloatLanes.isNormal(v)) {
                FloatLanes.log2(v).intoArray(out, outAt + i);
            } else {
                super.log2(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.log2(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void log1p(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            if (FloatLanes.isOrdinaryForLog1p(v)) {
                FloatLanes.log1p(v).intoArray(out, outAt + i);
            } else {
                super.log1p(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.log1p(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void sin(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            if (FloatLanes.isOrdinaryAngle(v)) {
                FloatLanes.sine(v, 0).intoArray(out, outAt + i);
            } else {
                super.sin(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.sin(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void cos(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            if (FloatLanes.isOrdinaryAngle(v)) {
                FloatLanes.sine(v, 1).intoArray(out, outAt + i);
            } else {
                super.cos(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.cos(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void tan(float[] x, int xAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, xAt + i);
            if (FloatLanes.isOrdinaryAngle(v)) {
                FloatLanes.tan(v).intoArray(out, outAt + i);
            } else {
                super.tan(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.tan(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void pow(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        FloatCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            int m = Math.min(BLOCK, end - at);
            if (!c.pow(x, xAt + at, y, yAt + at, out, outAt + at, m)) {
                super.pow(x, xAt + at, y, yAt + at, out, outAt + at, m);
            }
        }
        super.pow(x, xAt + end, y, yAt + end, out, outAt + end, n - end);
    }

    @Override
    public double sum(float[] x, int xAt, int n) {
        int end = SPECIES.loopBound(n);
        double sum = 0;
        for (int at = 0; at < end; at += BLOCK) {
            sum += sumOfVectors(x, xAt + at, Math.min(BLOCK, end - at));
        }
        return sum + super.sum(x, xAt + end, n - end);
    }

    private static double sumOfVectors(float[] x, int xAt, int n) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            a = a.add(FloatVector.fromArray(SPECIES, x, xAt + i));
            b = b.add(FloatVector.fromArray(SPECIES, x, xAt + i + LANES));
        }
        for (; i < n; i += LANES) {
            a = a.add(FloatVector.fromArray(SPECIES, x, xAt + i));
        }
        return sumOfLanes(a.add(b));
    }

    @Override
    public double dot(float[] x, int xAt, float[] y, int yAt, int n) {
        int end = SPECIES.loopBound(n);
        double sum = 0;
        for (int at = 0; at < end; at += BLOCK) {
            sum += dotOfVectors(x, xAt + at, y, yAt + at, Math.min(BLOCK, end - at));
        }
        return sum + super.dot(x, xAt + end, y, yAt + end, n - end);
    }

    private static double dotOfVectors(float[] x, int xAt, float[] y, int yAt, int n) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            a = FloatVector.fromArray(SPECIES, x, xAt + i).fma(FloatVector.fromArray(SPECIES, y, yAt + i), a);
            b = FloatVector.fromArray(SPECIES, x, xAt + i + LANES)
                    .fma(FloatVector.fromArray(SPECIES, y, yAt + i + LANES), b);
        }
        for (; i < n; i += LANES) {
            a = FloatVector.fromArray(SPECIES, x, xAt + i).fma(FloatVector.fromArray(SPECIES, y, yAt + i), a);
        }
        return sumOfLanes(a.add(b));
    }

    /** In a fixed order, which {@code reduceLanes} does not promise, and without an array for the lanes. */
    private static double sumOfLanes(FloatVector v) {
        double sum = sumOfPair(v, 0);
        if (LANES >= 4) {
            sum += sumOfPair(v, 2);
        }
        if (LANES >= 8) {
            sum += sumOfPair(v, 4) + sumOfPair(v, 6);
        }
        if (LANES >= 16) {
            sum += sumOfPair(v, 8) + sumOfPair(v, 10) + (sumOfPair(v, 12) + sumOfPair(v, 14));
        }
        return sum;
    }

    private static double sumOfPair(FloatVector v, int lane) {
        return (double) v.lane(lane) + v.lane(lane + 1);
    }

    @Override
    public float max(float[] x, int xAt, int n) {
        int end = SPECIES.loopBound(n);
        FloatVector a = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < end; i += LANES) {
            a = a.max(FloatVector.fromArray(SPECIES, x, xAt + i));
        }
        // Any order gives the same, so the lanes need not go through an array.
        return Math.max(a.reduceLanes(VectorOperators.MAX), super.max(x, xAt + end, n - end));
    }

    @Override
    public float min(float[] x, int xAt, int n) {
        int end = SPECIES.loopBound(n);
        FloatVector a = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        for (int i = 0; i < end; i += LANES) {
            a = a.min(FloatVector.fromArray(SPECIES, x, xAt + i));
        }
        // Any order gives the same, so the lanes need not go through an array.
        return Math.min(a.reduceLanes(VectorOperators.MIN), super.min(x, xAt + end, n - end));
    }

    @Override
    public String toString() {
        return "Vector API %d-bit".formatted(SPECIES.vectorBitSize());
    }
}
