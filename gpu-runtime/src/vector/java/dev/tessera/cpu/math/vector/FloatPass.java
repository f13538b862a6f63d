package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.FloatConstants.*;
import static dev.tessera.cpu.math.vector.FloatLanes.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** One pass of {@link FloatCompositions} over whole vectors, like {@link DoublePass}. Stateless. */
enum FloatPass {
    EXP_OF_NEGATIVE_SIZE {
        @Override
        void run(float[] x, int xAt, float[] e, float[] unused, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatLanes.expOfNegativeSize(fromArray(SPECIES, x, xAt + i)).intoArray(e, i);
            }
        }
    },
    SOFTPLUS_OF_EXP {
        @Override
        void run(float[] x, int xAt, float[] first, float[] unused, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector e = fromArray(SPECIES, first, i);
                FloatVector log = FloatLanes.log1p(e).blend(e, e.compare(VectorOperators.EQ, 0));
                fromArray(SPECIES, x, xAt + i).max(0).add(log).intoArray(out, outAt + i);
            }
        }
    },
    ERFC {
        @Override
        void run(float[] x, int xAt, float[] erfc, float[] unused, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector t = fromArray(SPECIES, x, xAt + i).abs().min(ERF_HIGHEST);
                FloatVector r = broadcast(SPECIES, ERFC_7).fma(t, broadcast(SPECIES, ERFC_6));
                r = r.fma(t.mul(t), broadcast(SPECIES, ERFC_5).fma(t, broadcast(SPECIES, ERFC_4)));
                r = r.fma(t, broadcast(SPECIES, ERFC_3))
                        .fma(t, broadcast(SPECIES, ERFC_2))
                        .fma(t, broadcast(SPECIES, ERFC_1));
                FloatLanes.expOfClamped(r.fma(t, t.neg())).intoArray(erfc, i);
            }
        }
    },
    ERF_OF_ERFC {
        @Override
        void run(float[] x, int xAt, float[] erfc, float[] unused, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector v = fromArray(SPECIES, x, xAt + i);
                FloatVector size = broadcast(SPECIES, 1).sub(fromArray(SPECIES, erfc, i));
                FloatVector s = v.mul(v);
                FloatVector p = broadcast(SPECIES, ERF_11)
                        .fma(s, broadcast(SPECIES, ERF_9))
                        .fma(s, broadcast(SPECIES, ERF_7));
                p = p.fma(s, broadcast(SPECIES, ERF_5))
                        .fma(s, broadcast(SPECIES, ERF_3))
                        .fma(s, broadcast(SPECIES, ERF_1));
                FloatVector near = p.fma(v, v);
                FloatVector far = size.blend(size.neg(), v.compare(VectorOperators.LT, 0));
                near.blend(far, v.abs().compare(VectorOperators.GT, ERF_SPLIT)).intoArray(out, outAt + i);
            }
        }
    },
    EXP_OF_HALF_SQUARE {
        @Override
        void run(float[] x, int xAt, float[] e, float[] unused, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector t = fromArray(SPECIES, x, xAt + i).abs().min(GELU_HIGHEST);
                FloatLanes.expOfClamped(t.mul(t).mul(-0.5f).max(EXP_LOWEST)).intoArray(e, i);
            }
        }
    },
    /** What {@code exp(-t^2 / 2)} is multiplied by for the size t of x. */
    GELU_FACTOR {
        @Override
        void run(float[] x, int xAt, float[] unused, float[] factor, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector t = fromArray(SPECIES, x, xAt + i).abs().min(GELU_HIGHEST);
                FloatVector z = t.mul(SQRT_HALF);
                FloatVector q = z.sub(2).div(z.add(2));
                FloatVector r = broadcast(SPECIES, ERFCX_10)
                        .fma(q, broadcast(SPECIES, ERFCX_9))
                        .fma(q, broadcast(SPECIES, ERFCX_8));
                r = r.fma(q, broadcast(SPECIES, ERFCX_7))
                        .fma(q, broadcast(SPECIES, ERFCX_6))
                        .fma(q, broadcast(SPECIES, ERFCX_5));
                r = r.fma(q, broadcast(SPECIES, ERFCX_4))
                        .fma(q, broadcast(SPECIES, ERFCX_3))
                        .fma(q, broadcast(SPECIES, ERFCX_2));
                r = r.fma(q, broadcast(SPECIES, ERFCX_1)).fma(q, broadcast(SPECIES, ERFCX_0));
                FloatVector root = broadcast(SPECIES, SQRT_TWO);
                FloatVector d = t.fma(root, broadcast(SPECIES, 1));
                FloatVector dLost = t.fma(root, broadcast(SPECIES, 1).sub(d));
                FloatVector lost = t.fma(broadcast(SPECIES, SQRT_TWO_LOW), dLost);
                FloatVector inverse = broadcast(SPECIES, 1).div(d);
                FloatVector half = t.mul(0.5f);
                FloatVector ratio = half.mul(inverse);
                FloatVector minus = ratio.neg();
                FloatVector error = minus.fma(lost, minus.fma(d, half));
                FloatVector squareLost = t.fma(t, t.mul(t).neg()).mul(ratio.mul(-0.5f));
                FloatVector rest = error.fma(inverse, squareLost);
                FloatVector product = r.mul(ratio);
                product.add(r.fma(rest, r.fma(ratio, product.neg()))).intoArray(factor, i);
            }
        }
    },
    GELU_OF_BOTH {
        @Override
        void run(float[] x, int xAt, float[] e, float[] factor, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector v = fromArray(SPECIES, x, xAt + i);
                FloatVector s = v.mul(v);
                FloatVector p = broadcast(SPECIES, GELU_12)
                        .fma(s, broadcast(SPECIES, GELU_10))
                        .fma(s, broadcast(SPECIES, GELU_8));
                p = p.fma(s, broadcast(SPECIES, GELU_6))
                        .fma(s, broadcast(SPECIES, GELU_4))
                        .fma(s, broadcast(SPECIES, GELU_2));
                FloatVector near = v.mul(v.fma(p, broadcast(SPECIES, 0.5f)));
                FloatVector far = fromArray(SPECIES, e, i).neg().fma(fromArray(SPECIES, factor, i), v.max(-0f));
                near.blend(far, v.abs().compare(VectorOperators.GT, 1)).intoArray(out, outAt + i);
            }
        }
    },
    /** The fraction of the mantissa over the sum, in two parts. */
    QUOTIENT {
        @Override
        void run(float[] x, int xAt, float[] quotient, float[] tail, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                IntVector bits = fromArray(SPECIES, x, xAt + i).reinterpretAsInts();
                FloatVector f =
                        FloatLanes.mantissa(bits, FloatLanes.exponent(bits)).sub(1);
                FloatVector d = f.add(2);
                FloatVector s = f.div(d);
                FloatVector minus = s.neg();
                minus.fma(f.sub(d.sub(2)), minus.fma(d, f)).div(d).intoArray(tail, i);
                s.intoArray(quotient, i);
            }
        }
    },
    /** The logarithm to base 2 of the mantissa, in two parts, from the quotient. */
    LOG2_OF_MANTISSA {
        @Override
        void run(float[] x, int xAt, float[] high, float[] low, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector s = fromArray(SPECIES, high, i);
                FloatVector tail = fromArray(SPECIES, low, i);
                FloatVector z = s.mul(s);
                FloatVector q = z.mul(tail(z));
                FloatVector third = q.add(LOG2_3);
                FloatVector thirdLow =
                        broadcast(SPECIES, LOG2_3).sub(third).add(q).add(LOG2_3_LOW);
                FloatVector zLow = s.fma(s, z.neg()).add(s.mul(2).mul(tail));
                FloatVector rise = z.mul(third);
                FloatVector riseLow = z.fma(third, rise.neg()).add(z.fma(thirdLow, zLow.mul(third)));
                FloatVector slope = rise.add(LOG2_1);
                FloatVector slopeLow =
                        broadcast(SPECIES, LOG2_1).sub(slope).add(rise).add(riseLow.add(LOG2_1_LOW));
                FloatVector part = s.mul(slope);
                FloatVector partLow = s.fma(slope, part.neg()).add(s.fma(slopeLow, tail.mul(slope)));
                part.intoArray(high, i);
                partLow.intoArray(low, i);
            }
        }
    },
    /** Adds the exponent. */
    LOG2 {
        @Override
        void run(float[] x, int xAt, float[] high, float[] low, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                IntVector bits = fromArray(SPECIES, x, xAt + i).reinterpretAsInts();
                FloatVector k = FloatLanes.toFloat(FloatLanes.exponent(bits));
                FloatVector part = fromArray(SPECIES, high, i);
                FloatVector log = k.add(part);
                log.intoArray(high, i);
                k.sub(log).add(part).add(fromArray(SPECIES, low, i)).intoArray(low, i);
            }
        }
    },
    /** The shifted exponent of 2 to the {@code y (high + low)}, and the remainder times ln 2 in two parts. */
    EXPONENT {
        @Override
        void run(float[] x, int xAt, float[] high, float[] low, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector y =
                        fromArray(SPECIES, x, xAt + i).max(-POWER_HIGHEST).min(POWER_HIGHEST);
                FloatVector log = fromArray(SPECIES, high, i);
                FloatVector product = y.mul(log);
                FloatVector lost = y.fma(log, product.neg());
                FloatVector productLow =
                        lost.add(y.mul(fromArray(SPECIES, low, i))).max(-1).min(1);
                FloatVector clamped = product.max(EXP2_LOWEST).min(EXP2_HIGHEST);
                FloatVector shifted = clamped.add(SHIFTER);
                FloatVector r = clamped.sub(shifted.sub(SHIFTER)).add(productLow);
                FloatVector w = r.mul(LN2);
                FloatVector tail = r.fma(broadcast(SPECIES, LN2_TAIL), r.fma(broadcast(SPECIES, LN2), w.neg()));
                shifted.intoArray(out, outAt + i);
                w.intoArray(high, i);
                tail.intoArray(low, i);
            }
        }
    },
    POWER_OF_TWO {
        @Override
        void run(float[] x, int xAt, float[] high, float[] low, float[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                FloatVector w = fromArray(SPECIES, high, i);
                FloatVector p = w.mul(w).fma(FloatLanes.expPolynomial(w), fromArray(SPECIES, low, i));
                FloatLanes.scale(w.add(p).add(1), fromArray(SPECIES, out, outAt + i))
                        .intoArray(out, outAt + i);
            }
        }
    };

    private static final int LANES = SPECIES.length();

    abstract void run(float[] x, int xAt, float[] first, float[] second, float[] out, int outAt, int n);

    private static FloatVector tail(FloatVector z) {
        return broadcast(SPECIES, LOG2_9).fma(z, broadcast(SPECIES, LOG2_7)).fma(z, broadcast(SPECIES, LOG2_5));
    }
}
