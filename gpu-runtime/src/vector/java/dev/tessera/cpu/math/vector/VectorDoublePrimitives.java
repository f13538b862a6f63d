package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.vector.DoubleLanes.SPECIES;

import dev.tessera.cpu.math.PlainDoublePrimitives;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The float64 primitives with the Vector API where it is faster than what C2 makes of the plain loops. Elements past the
 * last whole vector, and vectors with an argument outside the fast range, are computed by the plain primitives, whose
 * results are the same. Any number of threads may share one.
 */
public final class VectorDoublePrimitives extends PlainDoublePrimitives {
    private static final int LANES = SPECIES.length();

    /** Elements in one go, also in sums; see {@link dev.tessera.cpu.math.DoublePrimitives#sum}. */
    private static final int BLOCK = DoubleCompositions.BLOCK;

    /** The scratch of each thread. */
    private final ThreadLocal<DoubleCompositions> compositions = ThreadLocal.withInitial(DoubleCompositions::new);

    public VectorDoublePrimitives() {}

    @Override
    public void exp(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            DoubleLanes.exp(DoubleVector.fromArray(SPECIES, x, xAt + i)).intoArray(out, outAt + i);
        }
        super.exp(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void expm1(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            DoubleLanes.expm1(DoubleVector.fromArray(SPECIES, x, xAt + i)).intoArray(out, outAt + i);
        }
        super.expm1(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void tanh(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            c.tanh(x, xAt + at, out, outAt + at, Math.min(BLOCK, end - at));
        }
        super.tanh(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void sigmoid(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            DoubleLanes.sigmoid(DoubleVector.fromArray(SPECIES, x, xAt + i)).intoArray(out, outAt + i);
        }
        super.sigmoid(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void softplus(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            c.softplus(x, xAt + at, out, outAt + at, Math.min(BLOCK, end - at));
        }
        super.softplus(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void erf(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            c.erf(x, xAt + at, out, outAt + at, Math.min(BLOCK, end - at));
        }
        super.erf(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void gelu(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            c.gelu(x, xAt + at, out, outAt + at, Math.min(BLOCK, end - at));
        }
        super.gelu(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void log(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, xAt + i);
            if (DoubleLanes.isNormal(v)) {
                DoubleLanes.log(v).intoArray(out, outAt + i);
            } else {
                super.log(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.log(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void log2(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        for (int i = 0; i < end; i += LANES) {
            DoubleVector v = DoubleVector.fromArray(SPECIES, x, xAt + i);
            if (DoubleLanes.isNormal(v)) {
                DoubleLanes.log2(v).intoArray(out, outAt + i);
            } else {
                super.log2(x, xAt + i, out, outAt + i, LANES);
            }
        }
        super.log2(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void log1p(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            int m = Math.min(BLOCK, end - at);
            if (!c.log1p(x, xAt + at, out, outAt + at, m)) {
                super.log1p(x, xAt + at, out, outAt + at, m);
            }
        }
        super.log1p(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void sin(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            int m = Math.min(BLOCK, end - at);
            if (!c.sin(x, xAt + at, out, outAt + at, m)) {
                super.sin(x, xAt + at, out, outAt + at, m);
            }
        }
        super.sin(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void cos(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            int m = Math.min(BLOCK, end - at);
            if (!c.cos(x, xAt + at, out, outAt + at, m)) {
                super.cos(x, xAt + at, out, outAt + at, m);
            }
        }
        super.cos(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void tan(double[] x, int xAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            int m = Math.min(BLOCK, end - at);
            if (!c.tan(x, xAt + at, out, outAt + at, m)) {
                super.tan(x, xAt + at, out, outAt + at, m);
            }
        }
        super.tan(x, xAt + end, out, outAt + end, n - end);
    }

    @Override
    public void pow(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleCompositions c = compositions.get();
        for (int at = 0; at < end; at += BLOCK) {
            int m = Math.min(BLOCK, end - at);
            if (!c.pow(x, xAt + at, y, yAt + at, out, outAt + at, m)) {
                super.pow(x, xAt + at, y, yAt + at, out, outAt + at, m);
            }
        }
        super.pow(x, xAt + end, y, yAt + end, out, outAt + end, n - end);
    }

    @Override
    public double sum(double[] x, int xAt, int n) {
        int end = SPECIES.loopBound(n);
        double sum = 0;
        for (int at = 0; at < end; at += BLOCK) {
            sum += sumOfVectors(x, xAt + at, Math.min(BLOCK, end - at));
        }
        return sum + super.sum(x, xAt + end, n - end);
    }

    private static double sumOfVectors(double[] x, int xAt, int n) {
        DoubleVector a = DoubleVector.zero(SPECIES);
        DoubleVector b = DoubleVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            a = a.add(DoubleVector.fromArray(SPECIES, x, xAt + i));
            b = b.add(DoubleVector.fromArray(SPECIES, x, xAt + i + LANES));
        }
        for (; i < n; i += LANES) {
            a = a.add(DoubleVector.fromArray(SPECIES, x, xAt + i));
        }
        return sumOfLanes(a.add(b));
    }

    @Override
    public double dot(double[] x, int xAt, double[] y, int yAt, int n) {
        int end = SPECIES.loopBound(n);
        double sum = 0;
        for (int at = 0; at < end; at += BLOCK) {
            sum += dotOfVectors(x, xAt + at, y, yAt + at, Math.min(BLOCK, end - at));
        }
        return sum + super.dot(x, xAt + end, y, yAt + end, n - end);
    }

    private static double dotOfVectors(double[] x, int xAt, double[] y, int yAt, int n) {
        DoubleVector a = DoubleVector.zero(SPECIES);
        DoubleVector b = DoubleVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            a = DoubleVector.fromArray(SPECIES, x, xAt + i).fma(DoubleVector.fromArray(SPECIES, y, yAt + i), a);
            b = DoubleVector.fromArray(SPECIES, x, xAt + i + LANES)
                    .fma(DoubleVector.fromArray(SPECIES, y, yAt + i + LANES), b);
        }
        for (; i < n; i += LANES) {
            a = DoubleVector.fromArray(SPECIES, x, xAt + i).fma(DoubleVector.fromArray(SPECIES, y, yAt + i), a);
        }
        return sumOfLanes(a.add(b));
    }

    /** In a fixed order, which {@code reduceLanes} does not promise, and without an array for the lanes. */
    private static double sumOfLanes(DoubleVector v) {
        double sum = sumOfPair(v, 0);
        if (LANES >= 4) {
            sum += sumOfPair(v, 2);
        }
        if (LANES >= 8) {
            sum += sumOfPair(v, 4) + sumOfPair(v, 6);
        }
        return sum;
    }

    private static double sumOfPair(DoubleVector v, int lane) {
        return v.lane(lane) + v.lane(lane + 1);
    }

    @Override
    public double max(double[] x, int xAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleVector a = DoubleVector.broadcast(SPECIES, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < end; i += LANES) {
            a = a.max(DoubleVector.fromArray(SPECIES, x, xAt + i));
        }
        // Any order gives the same, so the lanes need not go through an array.
        return Math.max(a.reduceLanes(VectorOperators.MAX), super.max(x, xAt + end, n - end));
    }

    @Override
    public double min(double[] x, int xAt, int n) {
        int end = SPECIES.loopBound(n);
        DoubleVector a = DoubleVector.broadcast(SPECIES, Double.POSITIVE_INFINITY);
        for (int i = 0; i < end; i += LANES) {
            a = a.min(DoubleVector.fromArray(SPECIES, x, xAt + i));
        }
        // Any order gives the same, so the lanes need not go through an array.
        return Math.min(a.reduceLanes(VectorOperators.MIN), super.min(x, xAt + end, n - end));
    }

    @Override
    public String toString() {
        return "Vector API %d-bit".formatted(SPECIES.vectorBitSize());
    }
}
