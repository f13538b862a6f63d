package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.DoubleConstants.*;
import static dev.tessera.cpu.math.vector.DoubleLanes.SPECIES;
import static dev.tessera.cpu.math.vector.DoubleLanes.coefficient;
import static dev.tessera.cpu.math.vector.DoubleLanes.down;
import static dev.tessera.cpu.math.vector.DoubleLanes.eight;
import static dev.tessera.cpu.math.vector.DoubleLanes.eleven;
import static dev.tessera.cpu.math.vector.DoubleLanes.top;
import static jdk.incubator.vector.DoubleVector.broadcast;
import static jdk.incubator.vector.DoubleVector.fromArray;

import dev.tessera.cpu.math.DoublePolynomial;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One pass of {@link DoubleCompositions} over whole vectors: from x and what earlier passes left, to what later ones take
 * or the results. Stateless; a class each, so that C2 compiles each by itself.
 */
enum DoublePass {
    LOG1P {
        @Override
        void run(double[] x, int xAt, double[] unused, double[] alsoUnused, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector v = fromArray(SPECIES, x, xAt + i);
                DoubleLanes.log1p(v).intoArray(out, outAt + i);
            }
        }
    },
    /** The multiple of pi/2, its low bits the quadrant, and what is left of the angle. */
    QUADRANT {
        @Override
        void run(double[] x, int xAt, double[] rest, double[] quotient, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector v = fromArray(SPECIES, x, xAt + i);
                DoubleVector k = v.fma(broadcast(SPECIES, TWO_OVER_PI), broadcast(SPECIES, SHIFTER));
                DoubleVector m = k.sub(SHIFTER);
                DoubleVector near = m.fma(broadcast(SPECIES, -HALF_PI_HIGH), v);
                near = m.fma(broadcast(SPECIES, -HALF_PI_MIDDLE), near);
                m.fma(broadcast(SPECIES, -HALF_PI_LOW), near).intoArray(rest, i);
                k.intoArray(quotient, i);
            }
        }
    },
    SINE_OF_REST {
        @Override
        void run(double[] unused, int unusedAt, double[] rest, double[] quotient, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector r = fromArray(SPECIES, rest, i);
                DoubleVector z = r.mul(r);
                z.mul(r).fma(eight(SIN, z), r).intoArray(out, outAt + i);
            }
        }
    },
    /** From the sine of the rest in the results, as the next two. */
    SIN_OF_PARTS {
        @Override
        void run(double[] unused, int unusedAt, double[] rest, double[] quotient, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector r = fromArray(SPECIES, rest, i);
                LongVector quadrant = fromArray(SPECIES, quotient, i).reinterpretAsLongs();
                sine(fromArray(SPECIES, out, outAt + i), r.mul(r), quadrant).intoArray(out, outAt + i);
            }
        }
    },
    COS_OF_PARTS {
        @Override
        void run(double[] unused, int unusedAt, double[] rest, double[] quotient, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector r = fromArray(SPECIES, rest, i);
                LongVector quadrant =
                        fromArray(SPECIES, quotient, i).reinterpretAsLongs().add(1);
                sine(fromArray(SPECIES, out, outAt + i), r.mul(r), quadrant).intoArray(out, outAt + i);
            }
        }
    },
    TAN_OF_PARTS {
        @Override
        void run(double[] unused, int unusedAt, double[] rest, double[] quotient, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector r = fromArray(SPECIES, rest, i);
                DoubleVector cosine = DoubleLanes.cosineOfRest(r.mul(r));
                DoubleVector sine = fromArray(SPECIES, out, outAt + i);
                LongVector isOdd =
                        DoubleLanes.isOdd(fromArray(SPECIES, quotient, i).reinterpretAsLongs());
                DoubleVector above =
                        DoubleLanes.choose(isOdd, cosine.neg(), sine).reinterpretAsDoubles();
                above.div(DoubleLanes.choose(isOdd, sine, cosine).reinterpretAsDoubles())
                        .intoArray(out, outAt + i);
            }
        }
    },
    HALF_EXPM1_OF_TWICE {
        @Override
        void run(double[] x, int xAt, double[] expm1, double[] tail, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector t = fromArray(SPECIES, x, xAt + i).mul(2);
                DoubleVector v = t.max(-TANH_HIGHEST).min(TANH_HIGHEST);
                DoubleVector k = v.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, SHIFTER));
                DoubleVector m = k.sub(SHIFTER);
                DoubleVector near = m.fma(broadcast(SPECIES, -LN2_HIGH), v);
                DoubleVector r = m.fma(broadcast(SPECIES, -LN2_LOW), near);
                DoubleVector lost = m.fma(broadcast(SPECIES, -LN2_LOW), near.sub(r));
                DoubleVector w = r.mul(r).fma(eleven(EXP, r), lost);
                DoubleVector scale = DoubleLanes.twoTo(k.reinterpretAsLongs().sub(SHIFTER_BITS), 1022);
                DoubleVector big = scale.sub(0.5);
                DoubleVector a = scale.fma(r, big);
                DoubleVector low = scale.fma(w, scale.fma(r, big.sub(a)));
                DoubleVector e = a.add(low);
                e.intoArray(expm1, i);
                low.sub(e.sub(a)).intoArray(tail, i);
            }
        }
    },
    /** {@code (e + tail) / (e + 1)}. */
    TANH_OF_EXPM1 {
        @Override
        void run(double[] x, int xAt, double[] expm1, double[] tail, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector v = fromArray(SPECIES, x, xAt + i);
                DoubleVector e = fromArray(SPECIES, expm1, i);
                DoubleVector d = e.add(1);
                DoubleVector b = d.sub(e);
                DoubleVector lost = e.sub(d.sub(b)).add(broadcast(SPECIES, 1).sub(b));
                DoubleVector inverse = broadcast(SPECIES, 1).div(d);
                DoubleVector q = e.mul(inverse);
                DoubleVector minus = q.neg();
                DoubleVector error = minus.fma(lost, minus.fma(d, e)).add(fromArray(SPECIES, tail, i));
                DoubleVector result = error.fma(inverse, q);
                result.blend(v, v.mul(2).abs().compare(VectorOperators.LT, TINY))
                        .intoArray(out, outAt + i);
            }
        }
    },
    EXP_OF_NEGATIVE_SIZE {
        @Override
        void run(double[] x, int xAt, double[] e, double[] unused, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleLanes.expOfNegativeSize(fromArray(SPECIES, x, xAt + i)).intoArray(e, i);
            }
        }
    },
    SOFTPLUS_OF_EXP {
        @Override
        void run(double[] x, int xAt, double[] e, double[] unused, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector log = DoubleLanes.log1p(fromArray(SPECIES, e, i));
                fromArray(SPECIES, x, xAt + i).max(0).add(log).intoArray(out, outAt + i);
            }
        }
    },
    EXP_OF_SQUARE {
        @Override
        void run(double[] x, int xAt, double[] e, double[] q, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector t = fromArray(SPECIES, x, xAt + i).abs().min(ERF_HIGHEST);
                DoubleLanes.exp(t.mul(t).neg()).intoArray(e, i);
                t.sub(3).div(t.add(3)).intoArray(q, i);
            }
        }
    },
    /** The polynomial by itself. */
    SCALED_ERFC {
        @Override
        void run(double[] x, int xAt, double[] unused, double[] q, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector v = fromArray(SPECIES, q, i);
                DoubleVector sum = down(ERFCX, 15, down(ERFCX, 19, top(ERFCX, v), v), v);
                down(ERFCX, 3, down(ERFCX, 7, down(ERFCX, 11, sum, v), v), v).intoArray(q, i);
            }
        }
    },
    ERFC_OF_EXP {
        @Override
        void run(double[] x, int xAt, double[] e, double[] erfcx, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector t = fromArray(SPECIES, x, xAt + i).abs().min(ERF_HIGHEST);
                DoubleVector lost = broadcast(SPECIES, 1).sub(t.fma(t, t.mul(t).neg()));
                DoubleVector factor = lost.div(t.fma(broadcast(SPECIES, 2), broadcast(SPECIES, 1)));
                fromArray(SPECIES, erfcx, i)
                        .mul(factor)
                        .mul(fromArray(SPECIES, e, i))
                        .intoArray(e, i);
            }
        }
    },
    ERF_OF_ERFC {
        @Override
        void run(double[] x, int xAt, double[] erfc, double[] unused, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector v = fromArray(SPECIES, x, xAt + i);
                DoubleVector near = v.fma(fourteen(ERF, v.mul(v)), v);
                DoubleVector size = broadcast(SPECIES, 1).sub(fromArray(SPECIES, erfc, i));
                DoubleVector far = size.blend(size.neg(), v.compare(VectorOperators.LT, 0));
                near.blend(far, v.abs().compare(VectorOperators.GT, 1)).intoArray(out, outAt + i);
            }
        }
    },
    EXP_OF_HALF_SQUARE {
        @Override
        void run(double[] x, int xAt, double[] e, double[] q, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector t = fromArray(SPECIES, x, xAt + i).abs().min(GELU_HIGHEST);
                DoubleLanes.exp(t.mul(t).mul(-0.5)).intoArray(e, i);
                DoubleVector z = t.mul(SQRT_HALF);
                z.sub(3).div(z.add(3)).intoArray(q, i);
            }
        }
    },
    GELU_OF_NEGATIVE_SIZE {
        @Override
        void run(double[] x, int xAt, double[] e, double[] erfcx, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector t = fromArray(SPECIES, x, xAt + i).abs().min(GELU_HIGHEST);
                DoubleVector root = broadcast(SPECIES, SQRT_TWO);
                DoubleVector d = t.fma(root, broadcast(SPECIES, 1));
                DoubleVector dLost = t.fma(root, broadcast(SPECIES, 1).sub(d));
                DoubleVector lost = t.fma(broadcast(SPECIES, SQRT_TWO_LOW), dLost);
                DoubleVector inverse = broadcast(SPECIES, 1).div(d);
                DoubleVector half = t.mul(0.5);
                DoubleVector q = half.mul(inverse);
                DoubleVector minus = q.neg();
                DoubleVector error = minus.fma(lost, minus.fma(d, half));
                DoubleVector squareLost = t.fma(t, t.mul(t).neg()).mul(q.mul(-0.5));
                DoubleVector rest = error.fma(inverse, squareLost);
                DoubleVector p = fromArray(SPECIES, erfcx, i);
                DoubleVector product = p.mul(q);
                DoubleVector low = p.fma(rest, p.fma(q, product.neg()));
                product.add(low).mul(fromArray(SPECIES, e, i)).intoArray(e, i);
            }
        }
    },
    GELU_OF_BOTH {
        @Override
        void run(double[] x, int xAt, double[] negative, double[] unused, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector v = fromArray(SPECIES, x, xAt + i);
                DoubleVector near = v.mul(v.fma(fourteen(GELU, v.mul(v)), broadcast(SPECIES, 0.5)));
                DoubleVector far = v.max(-0.0).sub(fromArray(SPECIES, negative, i));
                near.blend(far, v.abs().compare(VectorOperators.GT, 1)).intoArray(out, outAt + i);
            }
        }
    },
    /** The fraction of the mantissa over the sum, in two parts. */
    QUOTIENT {
        @Override
        void run(double[] x, int xAt, double[] quotient, double[] tail, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                LongVector bits = fromArray(SPECIES, x, xAt + i).reinterpretAsLongs();
                DoubleVector f =
                        DoubleLanes.mantissa(bits, DoubleLanes.exponent(bits)).sub(1);
                DoubleVector d = f.add(2);
                DoubleVector s = f.div(d);
                DoubleVector minus = s.neg();
                minus.fma(f.sub(d.sub(2)), minus.fma(d, f)).div(d).intoArray(tail, i);
                s.intoArray(quotient, i);
            }
        }
    },
    /** The logarithm to base 2 of the mantissa, in two parts, from the quotient. */
    LOG2_OF_MANTISSA {
        @Override
        void run(double[] x, int xAt, double[] high, double[] low, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector s = fromArray(SPECIES, high, i);
                DoubleVector tail = fromArray(SPECIES, low, i);
                DoubleVector z = s.mul(s);
                DoubleVector q = z.mul(eight(LOG2_TAIL, z));
                DoubleVector third = q.add(LOG2_3);
                DoubleVector thirdLow =
                        broadcast(SPECIES, LOG2_3).sub(third).add(q).add(LOG2_3_LOW);
                DoubleVector zLow = s.fma(s, z.neg()).add(s.mul(2).mul(tail));
                DoubleVector rise = z.mul(third);
                DoubleVector riseLow = z.fma(third, rise.neg()).add(z.fma(thirdLow, zLow.mul(third)));
                DoubleVector slope = rise.add(LOG2_1);
                DoubleVector slopeLow =
                        broadcast(SPECIES, LOG2_1).sub(slope).add(rise).add(riseLow.add(LOG2_1_LOW));
                DoubleVector part = s.mul(slope);
                DoubleVector partLow = s.fma(slope, part.neg()).add(s.fma(slopeLow, tail.mul(slope)));
                part.intoArray(high, i);
                partLow.intoArray(low, i);
            }
        }
    },
    /** Adds the exponent. */
    LOG2 {
        @Override
        void run(double[] x, int xAt, double[] high, double[] low, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                LongVector bits = fromArray(SPECIES, x, xAt + i).reinterpretAsLongs();
                DoubleVector k = DoubleLanes.toDouble(DoubleLanes.exponent(bits));
                DoubleVector part = fromArray(SPECIES, high, i);
                DoubleVector log = k.add(part);
                log.intoArray(high, i);
                k.sub(log).add(part).add(fromArray(SPECIES, low, i)).intoArray(low, i);
            }
        }
    },
    /** The shifted exponent of 2 to the {@code y (high + low)}, and the remainder times ln 2 in two parts. */
    EXPONENT {
        @Override
        void run(double[] x, int xAt, double[] high, double[] low, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector y =
                        fromArray(SPECIES, x, xAt + i).max(-POWER_HIGHEST).min(POWER_HIGHEST);
                DoubleVector log = fromArray(SPECIES, high, i);
                DoubleVector product = y.mul(log);
                DoubleVector lost = y.fma(log, product.neg());
                DoubleVector productLow =
                        lost.add(y.mul(fromArray(SPECIES, low, i))).max(-1).min(1);
                DoubleVector clamped = product.max(EXP2_LOWEST).min(EXP2_HIGHEST);
                DoubleVector shifted = clamped.add(SHIFTER);
                DoubleVector r = clamped.sub(shifted.sub(SHIFTER)).add(productLow);
                DoubleVector w = r.mul(LN2);
                DoubleVector tail = r.fma(broadcast(SPECIES, LN2_TAIL), r.fma(broadcast(SPECIES, LN2), w.neg()));
                shifted.intoArray(out, outAt + i);
                w.intoArray(high, i);
                tail.intoArray(low, i);
            }
        }
    },
    POWER_OF_TWO {
        @Override
        void run(double[] x, int xAt, double[] high, double[] low, double[] out, int outAt, int n) {
            for (int i = 0; i < n; i += LANES) {
                DoubleVector w = fromArray(SPECIES, high, i);
                DoubleVector p = w.mul(w).fma(eleven(EXP, w), fromArray(SPECIES, low, i));
                DoubleLanes.scale(w.add(p).add(1), fromArray(SPECIES, out, outAt + i))
                        .intoArray(out, outAt + i);
            }
        }
    };

    private static final int LANES = SPECIES.length();

    abstract void run(double[] x, int xAt, double[] first, double[] second, double[] out, int outAt, int n);

    /** The sine or cosine of the rest, whose square is z, with the sign of the quadrant. */
    private static DoubleVector sine(DoubleVector sine, DoubleVector z, LongVector quadrant) {
        LongVector bits = DoubleLanes.choose(DoubleLanes.isOdd(quadrant), DoubleLanes.cosineOfRest(z), sine);
        LongVector sign = quadrant.lanewise(VectorOperators.AND, 2).lanewise(VectorOperators.LSHL, 62);
        return bits.lanewise(VectorOperators.XOR, sign).reinterpretAsDoubles();
    }

    /** A polynomial of 14 coefficients. */
    private static DoubleVector fourteen(DoublePolynomial p, DoubleVector x) {
        DoubleVector sum = top(p, x).fma(x, coefficient(p, 9)).fma(x, coefficient(p, 8));
        return down(p, 3, down(p, 7, sum, x), x);
    }
}
