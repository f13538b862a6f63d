package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.FloatConstants.*;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The float32 functions of one vector, with the operations of the plain twins in the same order.
 *
 * <p>C2 must inline all of a function, or its vectors are boxed. It always inlines the Vector API itself, but stops at
 * methods of others once a function has grown large: so constants are broadcast in place, and exp comes first in what
 * is built on it.
 */
final class FloatLanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

    private FloatLanes() {}

    static FloatVector exp(FloatVector x) {
        FloatVector v = x.max(EXP_LOWEST).min(EXP_HIGHEST);
        return expOfClamped(v);
    }

    static FloatVector expOfClamped(FloatVector v) {
        FloatVector k = v.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector near = m.fma(broadcast(SPECIES, -LN2_HIGH), v);
        FloatVector low = m.mul(-LN2_LOW);
        FloatVector r = near.add(low);
        FloatVector p = r.mul(r).fma(expPolynomial(r), low).add(near).add(1);
        IntVector exponent = k.reinterpretAsInts().sub(SHIFTER_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half, 127)).mul(twoTo(exponent.sub(half), 127));
    }

    private static FloatVector twoTo(IntVector exponent, int bias) {
        return exponent.add(bias).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    static FloatVector expPolynomial(FloatVector r) {
        FloatVector q =
                broadcast(SPECIES, EXP_6).fma(r, broadcast(SPECIES, EXP_5)).fma(r, broadcast(SPECIES, EXP_4));
        return q.fma(r, broadcast(SPECIES, EXP_3)).fma(r, broadcast(SPECIES, EXP_2));
    }

    static FloatVector expm1(FloatVector x) {
        FloatVector v = x.max(EXPM1_LOWEST).min(EXP_HIGHEST);
        FloatVector k = v.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector near = m.fma(broadcast(SPECIES, -LN2_HIGH), v);
        FloatVector r = m.fma(broadcast(SPECIES, -LN2_LOW), near);
        FloatVector w = r.mul(r).fma(expPolynomial(r), m.fma(broadcast(SPECIES, -LN2_LOW), near.sub(r)));
        FloatVector scale = twoTo(k.reinterpretAsInts().sub(SHIFTER_BITS), 126);
        FloatVector big = scale.sub(0.5f);
        FloatVector a = scale.fma(r, big);
        FloatVector low = scale.fma(w, scale.fma(r, big.sub(a)));
        FloatVector result = a.add(low).mul(2);
        return result.blend(x, x.compare(VectorOperators.EQ, 0));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector v = x.mul(2).max(-TANH_HIGHEST).min(TANH_HIGHEST);
        FloatVector k = v.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector near = m.fma(broadcast(SPECIES, -LN2_HIGH), v);
        FloatVector r = m.fma(broadcast(SPECIES, -LN2_LOW), near);
        FloatVector w = r.mul(r).fma(expPolynomial(r), m.fma(broadcast(SPECIES, -LN2_LOW), near.sub(r)));
        FloatVector scale = twoTo(k.reinterpretAsInts().sub(SHIFTER_BITS), 126);
        FloatVector big = scale.sub(0.5f);
        FloatVector a = scale.fma(r, big);
        FloatVector low = scale.fma(w, scale.fma(r, big.sub(a)));
        FloatVector e = a.add(low);
        FloatVector tail = low.sub(e.sub(a));
        FloatVector d = e.add(1);
        FloatVector b = d.sub(e);
        FloatVector lost = e.sub(d.sub(b)).add(broadcast(SPECIES, 1).sub(b));
        FloatVector inverse = broadcast(SPECIES, 1).div(d);
        FloatVector q = e.mul(inverse);
        FloatVector minus = q.neg();
        FloatVector error = minus.fma(lost, minus.fma(d, e)).add(tail);
        return error.fma(inverse, q).blend(x, x.compare(VectorOperators.EQ, 0));
    }

    static FloatVector expOfNegativeSize(FloatVector x) {
        return expOfClamped(x.abs().neg().max(EXP_LOWEST));
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = expOfNegativeSize(x);
        FloatVector d = e.add(1);
        FloatVector inverse = broadcast(SPECIES, 1).div(d);
        FloatVector q = e.mul(inverse);
        FloatVector minus = q.neg();
        FloatVector error = minus.fma(e.sub(d.sub(1)), minus.fma(d, e));
        FloatVector below = error.fma(inverse, q);
        return below.blend(broadcast(SPECIES, 1).sub(below), x.compare(VectorOperators.GT, 0));
    }

    /** The logarithm of positive normal lanes. */
    static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(k.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1);
        return logOfParts(f, toFloat(k));
    }

    /** log2 of positive normal lanes. */
    static FloatVector log2(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1);
        FloatVector k = toFloat(exponent);
        FloatVector y = f.mul(f).mul(logPolynomial(f));
        FloatVector r = f.fma(broadcast(SPECIES, LOG2_E_HIGH), k);
        FloatVector low = f.fma(broadcast(SPECIES, LOG2_E_HIGH), k.sub(r));
        return r.add(low.add(y.fma(broadcast(SPECIES, LOG2_E_HIGH), f.mul(LOG2_E_LOW))));
    }

    /** log(1 + x) of the lanes that {@link #isOrdinaryForLog1p} names. */
    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(1);
        FloatVector b = u.sub(x);
        FloatVector c = x.sub(u.sub(b)).add(broadcast(SPECIES, 1).sub(b));
        IntVector bits = u.reinterpretAsInts();
        IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector m = bits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector f = m.sub(1).add(c.mul(twoTo(IntVector.broadcast(INTS, 0).sub(k), 127)));
        return logOfParts(f, toFloat(k));
    }

    /** Small integers to float, without a conversion, which is no intrinsic on 17. */
    static FloatVector toFloat(IntVector k) {
        return k.add(SHIFTER_BITS).reinterpretAsFloats().sub(SHIFTER);
    }

    private static FloatVector logOfParts(FloatVector f, FloatVector k) {
        FloatVector y = f.mul(f).mul(logPolynomial(f));
        FloatVector big = k.mul(LN2_HIGH);
        FloatVector r = big.add(f);
        FloatVector low = big.sub(r).add(f);
        return r.add(low.add(k.fma(broadcast(SPECIES, LN2_LOW), y)));
    }

    private static FloatVector logPolynomial(FloatVector f) {
        FloatVector p =
                broadcast(SPECIES, LOG_10).fma(f, broadcast(SPECIES, LOG_9)).fma(f, broadcast(SPECIES, LOG_8));
        p = p.fma(f, broadcast(SPECIES, LOG_7))
                .fma(f, broadcast(SPECIES, LOG_6))
                .fma(f, broadcast(SPECIES, LOG_5));
        return p.fma(f, broadcast(SPECIES, LOG_4))
                .fma(f, broadcast(SPECIES, LOG_3))
                .fma(f, broadcast(SPECIES, -0.5f));
    }

    /** Sine, or cosine for one more quarter turn, of the lanes that {@link #isOrdinaryAngle} names. */
    static FloatVector sine(FloatVector x, int quarters) {
        FloatVector k = x.fma(broadcast(SPECIES, TWO_OVER_PI), broadcast(SPECIES, SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector r = m.fma(broadcast(SPECIES, -HALF_PI_MIDDLE), m.fma(broadcast(SPECIES, -HALF_PI_HIGH), x));
        r = m.fma(broadcast(SPECIES, -HALF_PI_LOW), r);
        FloatVector z = r.mul(r);
        FloatVector p =
                broadcast(SPECIES, SIN_9).fma(z, broadcast(SPECIES, SIN_7)).fma(z, broadcast(SPECIES, SIN_5));
        FloatVector sine = z.mul(r).fma(p.fma(z, broadcast(SPECIES, SIN_3)), r);
        FloatVector q =
                broadcast(SPECIES, COS_10).fma(z, broadcast(SPECIES, COS_8)).fma(z, broadcast(SPECIES, COS_6));
        FloatVector cosine = z.mul(z)
                .fma(q.fma(z, broadcast(SPECIES, COS_4)), z.fma(broadcast(SPECIES, -0.5f), broadcast(SPECIES, 1)));
        IntVector quadrant = k.reinterpretAsInts().add(quarters);
        IntVector sign = quadrant.lanewise(VectorOperators.AND, 2).lanewise(VectorOperators.LSHL, 30);
        IntVector bits = choose(isOdd(quadrant), cosine, sine);
        return bits.lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }

    /** The tangent of the lanes that {@link #isOrdinaryAngle} names. */
    static FloatVector tan(FloatVector x) {
        FloatVector k = x.fma(broadcast(SPECIES, TWO_OVER_PI), broadcast(SPECIES, SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector r = m.fma(broadcast(SPECIES, -HALF_PI_MIDDLE), m.fma(broadcast(SPECIES, -HALF_PI_HIGH), x));
        r = m.fma(broadcast(SPECIES, -HALF_PI_LOW), r);
        FloatVector z = r.mul(r);
        FloatVector p =
                broadcast(SPECIES, SIN_9).fma(z, broadcast(SPECIES, SIN_7)).fma(z, broadcast(SPECIES, SIN_5));
        FloatVector sine = z.mul(r).fma(p.fma(z, broadcast(SPECIES, SIN_3)), r);
        FloatVector q =
                broadcast(SPECIES, COS_10).fma(z, broadcast(SPECIES, COS_8)).fma(z, broadcast(SPECIES, COS_6));
        FloatVector cosine = z.mul(z)
                .fma(q.fma(z, broadcast(SPECIES, COS_4)), z.fma(broadcast(SPECIES, -0.5f), broadcast(SPECIES, 1)));
        IntVector isOdd = isOdd(k.reinterpretAsInts());
        FloatVector above = choose(isOdd, cosine.neg(), sine).reinterpretAsFloats();
        return above.div(choose(isOdd, sine, cosine).reinterpretAsFloats());
    }

    /** All bits of a lane or none: the cast of a mask of ints to one of floats is no intrinsic on 17, and allocates. */
    private static IntVector isOdd(IntVector quadrant) {
        return quadrant.lanewise(VectorOperators.AND, 1).neg();
    }

    private static IntVector choose(IntVector condition, FloatVector x, FloatVector y) {
        IntVector bits = y.reinterpretAsInts();
        IntVector difference = x.reinterpretAsInts().lanewise(VectorOperators.XOR, bits);
        return bits.lanewise(VectorOperators.XOR, difference.lanewise(VectorOperators.AND, condition));
    }

    static IntVector exponent(IntVector bits) {
        return bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    }

    static FloatVector mantissa(IntVector bits, IntVector exponent) {
        return bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    }

    /** Multiplies by 2 to the shifted exponents, in two factors. */
    static FloatVector scale(FloatVector p, FloatVector shifted) {
        IntVector exponent = shifted.reinterpretAsInts().sub(SHIFTER_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half, 127)).mul(twoTo(exponent.sub(half), 127));
    }

    static boolean isFinite(FloatVector x) {
        return x.abs().compare(VectorOperators.LE, Float.MAX_VALUE).allTrue();
    }

    static boolean isNormal(FloatVector x) {
        return x.compare(VectorOperators.GE, Float.MIN_NORMAL)
                .and(x.compare(VectorOperators.LE, Float.MAX_VALUE))
                .allTrue();
    }

    static boolean isOrdinaryForLog1p(FloatVector x) {
        return x.compare(VectorOperators.GT, -1)
                .and(x.compare(VectorOperators.LT, LOG1P_HIGHEST))
                .and(x.compare(VectorOperators.NE, 0))
                .allTrue();
    }

    static boolean isOrdinaryAngle(FloatVector x) {
        return x.abs()
                .compare(VectorOperators.LE, ANGLE_HIGHEST)
                .and(x.compare(VectorOperators.NE, 0))
                .allTrue();
    }
}
