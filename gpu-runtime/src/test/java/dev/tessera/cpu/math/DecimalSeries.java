package dev.tessera.cpu.math;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Real functions to 50 decimal digits, 35 (116 bits) where one cancels: what the tests hold the primitives to. */
final class DecimalSeries {
    private static final MathContext DIGITS = new MathContext(50);
    /** Enough to reduce the largest double by multiples of pi/2. */
    private static final MathContext MANY_DIGITS = new MathContext(400);

    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final BigDecimal TENTH = new BigDecimal("0.1");
    private static final BigDecimal LN_2 =
            artanh(ONE.divide(BigDecimal.valueOf(3), DIGITS)).multiply(TWO);
    private static final BigDecimal HALF_PI = halfPi();
    private static final BigDecimal ROOT_OF_PI = HALF_PI.multiply(TWO).sqrt(DIGITS);
    private static final BigDecimal ROOT_OF_TWO = TWO.sqrt(DIGITS);

    private DecimalSeries() {}

    static BigDecimal exp(BigDecimal x) {
        return expm1(x).add(ONE);
    }

    /** The series below a half; above, the series at a power of two less, squared. */
    static BigDecimal expm1(BigDecimal x) {
        if (x.abs().compareTo(HALF) < 0) {
            return expm1OfSmall(x);
        }
        int squarings = Math.getExponent(x.doubleValue()) + 5;
        BigDecimal power = expm1OfSmall(x.divide(TWO.pow(squarings), DIGITS)).add(ONE);
        for (int i = 0; i < squarings; i++) {
            power = power.multiply(power, DIGITS);
        }
        return power.subtract(ONE);
    }

    private static BigDecimal expm1OfSmall(BigDecimal x) {
        BigDecimal sum = x;
        BigDecimal term = x;
        for (int n = 2; isLarge(term, x); n++) {
            term = term.multiply(x, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return sum;
    }

    private static boolean isLarge(BigDecimal term, BigDecimal beside) {
        return term.signum() != 0 && beside.precision() - beside.scale() - term.precision() + term.scale() < 52;
    }

    /** One step of Halley's method from {@link Math#log}, which triples its digits. */
    static BigDecimal log(BigDecimal x) {
        BigDecimal rest = x.subtract(ONE);
        if (rest.abs().compareTo(TENTH) < 0) {
            return log1p(rest);
        }
        BigDecimal near = new BigDecimal(Math.log(x.doubleValue()));
        BigDecimal power = exp(near);
        return near.add(x.subtract(power).multiply(TWO).divide(x.add(power), DIGITS));
    }

    static BigDecimal log1p(BigDecimal x) {
        return x.abs().compareTo(TENTH) < 0
                ? artanh(x.divide(x.add(TWO), DIGITS)).multiply(TWO)
                : log(x.add(ONE));
    }

    private static BigDecimal artanh(BigDecimal x) {
        BigDecimal square = x.multiply(x, DIGITS);
        BigDecimal sum = x;
        BigDecimal power = x;
        for (int n = 3; isLarge(power, x); n += 2) {
            power = power.multiply(square, DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(n), DIGITS), DIGITS);
        }
        return sum;
    }

    static BigDecimal log2(BigDecimal x) {
        return log(x).divide(LN_2, DIGITS);
    }

    static BigDecimal pow(BigDecimal x, BigDecimal y) {
        return exp(log(x).multiply(y, DIGITS));
    }

    static BigDecimal sin(BigDecimal x) {
        return sine(x, 0);
    }

    static BigDecimal cos(BigDecimal x) {
        return sine(x, 1);
    }

    static BigDecimal tan(BigDecimal x) {
        return sin(x).divide(cos(x), DIGITS);
    }

    private static BigDecimal sine(BigDecimal x, int quarters) {
        BigDecimal turns = x.divide(HALF_PI, MANY_DIGITS).setScale(0, RoundingMode.HALF_EVEN);
        BigDecimal r = x.subtract(turns.multiply(HALF_PI)).round(DIGITS);
        int quadrant = turns.toBigInteger().intValue() + quarters;
        boolean isOdd = (quadrant & 1) != 0;
        BigDecimal square = r.multiply(r, DIGITS).negate();
        BigDecimal sum = isOdd ? ONE : r;
        BigDecimal term = sum;
        for (int n = isOdd ? 1 : 2; isLarge(term, sum); n += 2) {
            term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf((long) n * (n + 1)), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return (quadrant & 2) == 0 ? sum : sum.negate();
    }

    /** Machin: pi/4 = 4 arctan(1/5) - arctan(1/239). */
    private static BigDecimal halfPi() {
        return arctanOfInverse(5)
                .multiply(BigDecimal.valueOf(8))
                .subtract(arctanOfInverse(239).multiply(TWO));
    }

    private static BigDecimal arctanOfInverse(int n) {
        BigDecimal square = BigDecimal.valueOf((long) n * n);
        BigDecimal power = ONE.divide(BigDecimal.valueOf(n), MANY_DIGITS);
        BigDecimal sum = power;
        for (int k = 3; power.scale() - power.precision() < MANY_DIGITS.getPrecision(); k += 2) {
            power = power.divide(square, MANY_DIGITS).negate();
            sum = sum.add(power.divide(BigDecimal.valueOf(k), MANY_DIGITS), MANY_DIGITS);
        }
        return sum;
    }

    static BigDecimal tanh(BigDecimal x) {
        BigDecimal e = expm1(x.multiply(TWO));
        return e.divide(e.add(TWO), DIGITS);
    }

    static BigDecimal sigmoid(BigDecimal x) {
        return ONE.divide(exp(x.negate()).add(ONE), DIGITS);
    }

    static BigDecimal softplus(BigDecimal x) {
        return log1p(exp(x.abs().negate())).add(x.max(BigDecimal.ZERO));
    }

    static BigDecimal erf(BigDecimal x) {
        BigDecimal size = x.abs();
        BigDecimal value = isFar(size) ? ONE.subtract(farErfc(size)) : nearErf(size);
        return x.signum() < 0 ? value.negate() : value;
    }

    static BigDecimal gelu(BigDecimal x) {
        BigDecimal z = x.divide(ROOT_OF_TWO, DIGITS);
        BigDecimal twice = x.signum() < 0 && isFar(z.negate()) ? farErfc(z.negate()) : erf(z).add(ONE);
        return x.multiply(HALF).multiply(twice, DIGITS);
    }

    private static boolean isFar(BigDecimal size) {
        return size.compareTo(BigDecimal.valueOf(4)) > 0;
    }

    /** Maclaurin's series, whose largest term is below 10^7 here. */
    private static BigDecimal nearErf(BigDecimal x) {
        BigDecimal square = x.multiply(x, DIGITS).negate();
        BigDecimal power = x;
        BigDecimal sum = x;
        for (int n = 1; isLarge(power, x); n++) {
            power = power.multiply(square, DIGITS).divide(BigDecimal.valueOf(n), DIGITS);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
        }
        return sum.multiply(TWO).divide(ROOT_OF_PI, DIGITS);
    }

    /** Laplace's continued fraction, whose error after n terms is about exp(-2 x sqrt(2n)). */
    private static BigDecimal farErfc(BigDecimal x) {
        BigDecimal fraction = x;
        for (int n = 120; n > 0; n--) {
            fraction = x.add(BigDecimal.valueOf(n).multiply(HALF).divide(fraction, DIGITS));
        }
        return exp(x.multiply(x).negate()).divide(fraction.multiply(ROOT_OF_PI), DIGITS);
    }
}
