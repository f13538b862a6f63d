package dev.tessera.cpu.math.vector;

import static dev.tessera.cpu.math.DoubleConstants.*;
import static jdk.incubator.vector.DoubleVector.broadcast;

import dev.tessera.cpu.math.DoublePolynomial;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The float64 functions of one vector, with the operations of the plain twins in the same order.
 *
 * <p>C2 must inline all of a function, or its vectors are boxed: see {@link FloatLanes}.
 */
final class DoubleLanes {
    static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    private DoubleLanes() {}

    /**
     * The four highest powers of a polynomial; {@link #down} goes on from there. No loop over coefficients: C2 boxes the
     * vector that a loop carries when it inlines that loop deep enough.
     */
    static DoubleVector top(DoublePolynomial p, DoubleVector x) {
        int power = p.degree();
        DoubleVector sum = broadcast(SPECIES, p.coefficient(power)).fma(x, coefficient(p, power - 1));
        return sum.fma(x, coefficient(p, power - 2)).fma(x, coefficient(p, power - 3));
    }

    /** Horner's rule for four powers, the highest of them given. */
    static DoubleVector down(DoublePolynomial p, int power, DoubleVector sum, DoubleVector x) {
        DoubleVector half = sum.fma(x, coefficient(p, power)).fma(x, coefficient(p, power - 1));
        return half.fma(x, coefficient(p, power - 2)).fma(x, coefficient(p, power - 3));
    }

    static DoubleVector coefficient(DoublePolynomial p, int power) {
        return broadcast(SPECIES, p.coefficient(power));
    }

    /** A polynomial of eleven coefficients. */
    static DoubleVector eleven(DoublePolynomial p, DoubleVector x) {
        return down(
                p,
                3,
                top(p, x).fma(x, coefficient(p, 6)).fma(x, coefficient(p, 5)).fma(x, coefficient(p, 4)),
                x);
    }

    /** A polynomial of eight coefficients. */
    static DoubleVector eight(DoublePolynomial p, DoubleVector x) {
        return down(p, 3, top(p, x), x);
    }

    static DoubleVector exp(DoubleVector x) {
        return expOfClamped(x.max(EXP_LOWEST).min(EXP_HIGHEST));
    }

    static DoubleVector expOfClamped(DoubleVector v) {
        DoubleVector k = v.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, SHIFTER));
        DoubleVector m = k.sub(SHIFTER);
        DoubleVector near = m.fma(broadcast(SPECIES, -LN2_HIGH), v);
        DoubleVector r = m.fma(broadcast(SPECIES, -LN2_LOW), near);
        DoubleVector p = r.mul(r).fma(eleven(EXP, r), r).add(1);
        return scale(p, k);
    }

    static DoubleVector expOfNegativeSize(DoubleVector x) {
        return expOfClamped(x.abs().neg().max(EXP_LOWEST));
    }

    /** Multiplies by 2 to the shifted exponents, in two factors. */
    static DoubleVector scale(DoubleVector p, DoubleVector shifted) {
        LongVector exponent = shifted.reinterpretAsLongs().sub(SHIFTER_BITS);
        LongVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(twoTo(half, 1023)).mul(twoTo(exponent.sub(half), 1023));
    }

    static DoubleVector twoTo(LongVector exponent, long bias) {
        return exponent.add(bias).lanewise(VectorOperators.LSHL, 52).reinterpretAsDoubles();
    }

    static DoubleVector expm1(DoubleVector x) {
        DoubleVector v = x.max(EXPM1_LOWEST).min(EXP_HIGHEST);
        DoubleVector k = v.fma(broadcast(SPECIES, LOG2_E), broadcast(SPECIES, SHIFTER));
        DoubleVector m = k.sub(SHIFTER);
        DoubleVector near = m.fma(broadcast(SPECIES, -LN2_HIGH), v);
        DoubleVector r = m.fma(broadcast(SPECIES, -LN2_LOW), near);
        DoubleVector lost = m.fma(broadcast(SPECIES, -LN2_LOW), near.sub(r));
        DoubleVector w = r.mul(r).fma(eleven(EXP, r), lost);
        DoubleVector scale = twoTo(k.reinterpretAsLongs().sub(SHIFTER_BITS), 1022);
        DoubleVector big = scale.sub(0.5);
        DoubleVector a = scale.fma(r, big);
        DoubleVector low = scale.fma(w, scale.fma(r, big.sub(a)));
        DoubleVector result = a.add(low).mul(2);
        return result.blend(x, x.abs().compare(VectorOperators.LT, TINY));
    }

    static DoubleVector sigmoid(DoubleVector x) {
        DoubleVector e = expOfNegativeSize(x);
        DoubleVector d = e.add(1);
        DoubleVector inverse = broadcast(SPECIES, 1).div(d);
        DoubleVector q = e.mul(inverse);
        DoubleVector minus = q.neg();
        DoubleVector error = minus.fma(e.sub(d.sub(1)), minus.fma(d, e));
        DoubleVector below = error.fma(inverse, q);
        return below.blend(broadcast(SPECIES, 1).sub(below), x.compare(VectorOperators.GT, 0));
    }

    /** The logarithm of positive normal lanes. */
    static DoubleVector log(DoubleVector x) {
        LongVector bits = x.reinterpretAsLongs();
        LongVector k = exponent(bits);
        return logOfParts(mantissa(bits, k).sub(1), toDouble(k));
    }

    /** log2 of positive normal lanes. */
    static DoubleVector log2(DoubleVector x) {
        LongVector bits = x.reinterpretAsLongs();
        LongVector exponent = exponent(bits);
        DoubleVector f = mantissa(bits, exponent).sub(1);
        DoubleVector k = toDouble(exponent);
        DoubleVector y = correction(f);
        DoubleVector r = f.fma(broadcast(SPECIES, LOG2_E), k);
        DoubleVector low = f.fma(broadcast(SPECIES, LOG2_E), k.sub(r));
        return r.add(low.add(y.fma(broadcast(SPECIES, LOG2_E), f.mul(LOG2_E_LOW))));
    }

    /** log(1 + x) of the lanes that {@link #isOrdinaryForLog1p} names. */
    static DoubleVector log1p(DoubleVector x) {
        DoubleVector u = x.add(1);
        DoubleVector b = u.sub(x);
        DoubleVector c = x.sub(u.sub(b)).add(broadcast(SPECIES, 1).sub(b));
        LongVector bits = u.reinterpretAsLongs();
        LongVector k = exponent(bits);
        DoubleVector f = mantissa(bits, k).sub(1).add(c.mul(twoTo(k.neg(), 1023)));
        return logOfParts(f, toDouble(k));
    }

    static LongVector exponent(LongVector bits) {
        return bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 52);
    }

    static DoubleVector mantissa(LongVector bits, LongVector exponent) {
        return bits.sub(exponent.lanewise(VectorOperators.LSHL, 52)).reinterpretAsDoubles();
    }

    /** Small integers to double, without a conversion, which is no intrinsic on 17. */
    static DoubleVector toDouble(LongVector k) {
        return k.add(SHIFTER_BITS).reinterpretAsDoubles().sub(SHIFTER);
    }

    private static DoubleVector logOfParts(DoubleVector f, DoubleVector k) {
        DoubleVector y = correction(f);
        DoubleVector big = k.mul(LN2_HIGH);
        DoubleVector r = big.add(f);
        DoubleVector low = big.sub(r).add(f);
        return r.add(low.add(k.fma(broadcast(SPECIES, LN2_LOW), y)));
    }

    /** log(1 + f) - f. */
    private static DoubleVector correction(DoubleVector f) {
        DoubleVector s = f.div(f.add(2));
        DoubleVector z = s.mul(s);
        return s.neg().mul(z.neg().fma(eight(LOG, z), f));
    }

    /** All bits of a lane or none: the cast of a mask of longs to one of doubles is no intrinsic on 17, and allocates. */
    static LongVector isOdd(LongVector quadrant) {
        return quadrant.lanewise(VectorOperators.AND, 1).neg();
    }

    /** The bits of the first where the condition holds. */
    static LongVector choose(LongVector condition, DoubleVector x, DoubleVector y) {
        LongVector bits = y.reinterpretAsLongs();
        LongVector difference = x.reinterpretAsLongs().lanewise(VectorOperators.XOR, bits);
        return bits.lanewise(VectorOperators.XOR, difference.lanewise(VectorOperators.AND, condition));
    }

    static DoubleVector cosineOfRest(DoubleVector z) {
        DoubleVector near = z.fma(broadcast(SPECIES, -0.5), broadcast(SPECIES, 1));
        DoubleVector lost =
                z.fma(broadcast(SPECIES, -0.5), broadcast(SPECIES, 1).sub(near));
        return near.add(z.mul(z).fma(eight(COS, z), lost));
    }

    static boolean isNormal(DoubleVector x) {
        return x.compare(VectorOperators.GE, Double.MIN_NORMAL)
                .and(x.compare(VectorOperators.LE, Double.MAX_VALUE))
                .allTrue();
    }

    static boolean isFinite(DoubleVector x) {
        return x.abs().compare(VectorOperators.LE, Double.MAX_VALUE).allTrue();
    }

    static boolean isOrdinaryForLog1p(DoubleVector x) {
        return x.compare(VectorOperators.GT, -1)
                .and(x.compare(VectorOperators.LT, LOG1P_HIGHEST))
                .and(x.compare(VectorOperators.NE, 0))
                .allTrue();
    }

    static boolean isOrdinaryAngle(DoubleVector x) {
        return x.abs()
                .compare(VectorOperators.LE, ANGLE_HIGHEST)
                .and(x.compare(VectorOperators.NE, 0))
                .allTrue();
    }
}
