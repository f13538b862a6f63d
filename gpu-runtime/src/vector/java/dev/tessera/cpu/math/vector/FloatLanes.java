package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.FloatConstants.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The float32 functions of one vector, with the operations of the plain twins in the same order. */
final class FloatLanes {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

    private FloatLanes() {}

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    static FloatVector exp(FloatVector x) {
        FloatVector v = x.max(EXP_LOWEST).min(EXP_HIGHEST);
        return expOfClamped(v);
    }

    private static FloatVector expOfClamped(FloatVector v) {
        FloatVector k = v.fma(constant(LOG2_E), constant(SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector near = m.fma(constant(-LN2_HIGH), v);
        FloatVector r = m.fma(constant(-LN2_LOW), near);
        FloatVector p = r.mul(r).fma(expPolynomial(r), r).add(1);
        IntVector exponent = k.reinterpretAsInts().sub(SHIFTER_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half, 127)).mul(twoTo(exponent.sub(half), 127));
    }

    private static FloatVector twoTo(IntVector exponent, int bias) {
        return exponent.add(bias).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector expPolynomial(FloatVector r) {
        FloatVector q = constant(EXP_6).fma(r, constant(EXP_5)).fma(r, constant(EXP_4));
        return q.fma(r, constant(EXP_3)).fma(r, constant(EXP_2));
    }

    static FloatVector expm1(FloatVector x) {
        FloatVector v = x.max(EXPM1_LOWEST).min(EXP_HIGHEST);
        FloatVector k = v.fma(constant(LOG2_E), constant(SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector near = m.fma(constant(-LN2_HIGH), v);
        FloatVector r = m.fma(constant(-LN2_LOW), near);
        FloatVector w = r.mul(r).fma(expPolynomial(r), m.fma(constant(-LN2_LOW), near.sub(r)));
        FloatVector scale = twoTo(k.reinterpretAsInts().sub(SHIFTER_BITS), 126);
        FloatVector big = scale.sub(0.5f);
        FloatVector a = scale.fma(r, big);
        FloatVector low = scale.fma(w, scale.fma(r, big.sub(a)));
        FloatVector result = a.add(low).mul(2);
        return result.blend(x, x.compare(VectorOperators.EQ, 0));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector v = x.mul(2).max(-TANH_HIGHEST).min(TANH_HIGHEST);
        FloatVector k = v.fma(constant(LOG2_E), constant(SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector near = m.fma(constant(-LN2_HIGH), v);
        FloatVector r = m.fma(constant(-LN2_LOW), near);
        FloatVector w = r.mul(r).fma(expPolynomial(r), m.fma(constant(-LN2_LOW), near.sub(r)));
        FloatVector scale = twoTo(k.reinterpretAsInts().sub(SHIFTER_BITS), 126);
        FloatVector big = scale.sub(0.5f);
        FloatVector a = scale.fma(r, big);
        FloatVector low = scale.fma(w, scale.fma(r, big.sub(a)));
        FloatVector e = a.add(low);
        FloatVector tail = low.sub(e.sub(a));
        FloatVector d = e.add(1);
        FloatVector b = d.sub(e);
        FloatVector lost = e.sub(d.sub(b)).add(constant(1).sub(b));
        FloatVector inverse = constant(1).div(d);
        FloatVector q = e.mul(inverse);
        FloatVector minus = q.neg();
        FloatVector error = minus.fma(lost, minus.fma(d, e)).add(tail);
        return error.fma(inverse, q).blend(x, x.compare(VectorOperators.EQ, 0));
    }

    private static FloatVector expOfNegativeSize(FloatVector x) {
        return expOfClamped(x.abs().neg().max(EXP_LOWEST));
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = expOfNegativeSize(x);
        FloatVector d = e.add(1);
        FloatVector inverse = constant(1).div(d);
        FloatVector q = e.mul(inverse);
        FloatVector minus = q.neg();
        FloatVector error = minus.fma(e.sub(d.sub(1)), minus.fma(d, e));
        FloatVector below = error.fma(inverse, q);
        return below.blend(constant(1).sub(below), x.compare(VectorOperators.GT, 0));
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
        FloatVector r = f.fma(constant(LOG2_E_HIGH), k);
        FloatVector low = f.fma(constant(LOG2_E_HIGH), k.sub(r));
        return r.add(low.add(y.fma(constant(LOG2_E_HIGH), f.mul(LOG2_E_LOW))));
    }

    /** log(1 + x) of the lanes that {@link #isOrdinaryForLog1p} names. */
    static FloatVector log1p(FloatVector x) {
        FloatVector u = x.add(1);
        FloatVector b = u.sub(x);
        FloatVector c = x.sub(u.sub(b)).add(constant(1).sub(b));
        IntVector bits = u.reinterpretAsInts();
        IntVector k = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector m = bits.sub(k.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
        FloatVector f = m.sub(1).add(c.mul(twoTo(k.neg(), 127)));
        return logOfParts(f, toFloat(k));
    }

    static FloatVector softplus(FloatVector x) {
        FloatVector e = expOfNegativeSize(x);
        FloatVector log = log1p(e).blend(e, e.compare(VectorOperators.EQ, 0));
        return x.max(0).add(log);
    }

    /** Small integers to float, without a conversion, which is no intrinsic on 17. */
    private static FloatVector toFloat(IntVector k) {
        return k.add(SHIFTER_BITS).reinterpretAsFloats().sub(SHIFTER);
    }

    private static FloatVector logOfParts(FloatVector f, FloatVector k) {
        FloatVector y = f.mul(f).mul(logPolynomial(f));
        FloatVector big = k.mul(LN2_HIGH);
        FloatVector r = big.add(f);
        FloatVector low = big.sub(r).add(f);
        return r.add(low.add(k.fma(constant(LN2_LOW), y)));
    }

    private static FloatVector logPolynomial(FloatVector f) {
        FloatVector p = constant(LOG_10).fma(f, constant(LOG_9)).fma(f, constant(LOG_8));
        p = p.fma(f, constant(LOG_7)).fma(f, constant(LOG_6)).fma(f, constant(LOG_5));
        return p.fma(f, constant(LOG_4)).fma(f, constant(LOG_3)).fma(f, constant(-0.5f));
    }

    static FloatVector erf(FloatVector x) {
        FloatVector s = x.mul(x);
        FloatVector p = constant(ERF_11).fma(s, constant(ERF_9)).fma(s, constant(ERF_7));
        p = p.fma(s, constant(ERF_5)).fma(s, constant(ERF_3)).fma(s, constant(ERF_1));
        FloatVector small = p.fma(x, x);
        FloatVector t = x.abs().min(ERF_HIGHEST);
        FloatVector r = constant(ERFC_7).fma(t, constant(ERFC_6));
        r = r.fma(t.mul(t), constant(ERFC_5).fma(t, constant(ERFC_4)));
        r = r.fma(t, constant(ERFC_3)).fma(t, constant(ERFC_2)).fma(t, constant(ERFC_1));
        FloatVector size = constant(1).sub(expOfClamped(r.fma(t, t.neg())));
        FloatVector large = size.blend(size.neg(), x.compare(VectorOperators.LT, 0));
        return small.blend(large, t.compare(VectorOperators.GT, ERF_SPLIT));
    }

    static FloatVector gelu(FloatVector x) {
        FloatVector t = x.abs().min(GELU_HIGHEST);
        FloatVector z = t.mul(SQRT_HALF);
        FloatVector q = z.sub(2).div(z.add(2));
        FloatVector r = constant(ERFCX_10).fma(q, constant(ERFCX_9)).fma(q, constant(ERFCX_8));
        r = r.fma(q, constant(ERFCX_7)).fma(q, constant(ERFCX_6)).fma(q, constant(ERFCX_5));
        r = r.fma(q, constant(ERFCX_4)).fma(q, constant(ERFCX_3)).fma(q, constant(ERFCX_2));
        r = r.fma(q, constant(ERFCX_1)).fma(q, constant(ERFCX_0));
        r = r.div(z.fma(constant(2), constant(1)));
        FloatVector s = t.mul(t);
        FloatVector factor = r.fma(t.fma(t, s.neg()).mul(-0.5f), r).mul(t.mul(0.5f));
        FloatVector e = expOfClamped(s.mul(-0.5f).max(EXP_LOWEST));
        return e.neg().fma(factor, x.max(-0f));
    }

    /** Sine, or cosine for one more quarter turn, of the lanes that {@link #isOrdinaryAngle} names. */
    static FloatVector sine(FloatVector x, int quarters) {
        FloatVector k = x.fma(constant(TWO_OVER_PI), constant(SHIFTER));
        FloatVector m = k.sub(SHIFTER);
        FloatVector r = m.fma(constant(-HALF_PI_MIDDLE), m.fma(constant(-HALF_PI_HIGH), x));
        r = m.fma(constant(-HALF_PI_LOW), r);
        FloatVector z = r.mul(r);
        FloatVector p = constant(SIN_9).fma(z, constant(SIN_7)).fma(z, constant(SIN_5));
        FloatVector sine = z.mul(r).fma(p.fma(z, constant(SIN_3)), r);
        FloatVector q = constant(COS_10).fma(z, constant(COS_8)).fma(z, constant(COS_6));
        FloatVector cosine = z.mul(z).fma(q.fma(z, constant(COS_4)), z.fma(constant(-0.5f), constant(1)));
        IntVector quadrant = k.reinterpretAsInts().add(quarters);
        IntVector odd = quadrant.lanewise(VectorOperators.AND, 1);
        VectorMask<Float> isOdd = odd.compare(VectorOperators.NE, 0).cast(SPECIES);
        IntVector sign = quadrant.lanewise(VectorOperators.AND, 2).lanewise(VectorOperators.LSHL, 30);
        IntVector bits = sine.blend(cosine, isOdd).reinterpretAsInts();
        return bits.lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
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
