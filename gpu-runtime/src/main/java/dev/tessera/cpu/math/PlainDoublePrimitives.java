package dev.tessera.cpu.math;

import java.util.Arrays;

/** {@link DoublePrimitives} in plain Java: every JVM runs it. Stateless. */
public final class PlainDoublePrimitives implements DoublePrimitives {
    public static final PlainDoublePrimitives INSTANCE = new PlainDoublePrimitives();

    /** Elements added up in one go; see {@link DoublePrimitives#sum}. */
    private static final int BLOCK = 256;

    private PlainDoublePrimitives() {}

    @Override
    public void neg(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = -x[xAt + i];
        }
    }

    @Override
    public void abs(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.abs(x[xAt + i]);
        }
    }

    @Override
    public void sign(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.sign(x[xAt + i]);
        }
    }

    @Override
    public void square(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * x[xAt + i];
        }
    }

    @Override
    public void reciprocal(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = 1 / x[xAt + i];
        }
    }

    @Override
    public void sqrt(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.sqrt(x[xAt + i]);
        }
    }

    @Override
    public void rsqrt(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = 1 / Math.sqrt(x[xAt + i]);
        }
    }

    @Override
    public void relu(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], 0);
        }
    }

    @Override
    public void floor(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.floor(x[xAt + i]);
        }
    }

    @Override
    public void ceil(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.ceil(x[xAt + i]);
        }
    }

    @Override
    public void round(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.rint(x[xAt + i]);
        }
    }

    @Override
    public void exp(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.exp(x[xAt + i]);
        }
    }

    @Override
    public void expm1(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.expm1(x[xAt + i]);
        }
    }

    @Override
    public void log(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.log(x[xAt + i]);
        }
    }

    @Override
    public void log1p(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.log1p(x[xAt + i]);
        }
    }

    @Override
    public void sin(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.sin(x[xAt + i]);
        }
    }

    @Override
    public void cos(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.cos(x[xAt + i]);
        }
    }

    @Override
    public void tan(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.tan(x[xAt + i]);
        }
    }

    @Override
    public void tanh(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.tanh(x[xAt + i]);
        }
    }

    @Override
    public void log2(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.log2(x[xAt + i]);
        }
    }

    @Override
    public void sigmoid(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.sigmoid(x[xAt + i]);
        }
    }

    @Override
    public void softplus(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.softplus(x[xAt + i]);
        }
    }

    @Override
    public void erf(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.erf(x[xAt + i]);
        }
    }

    @Override
    public void gelu(double[] x, int xAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.gelu(x[xAt + i]);
        }
    }

    @Override
    public void add(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] + y[yAt + i];
        }
    }

    @Override
    public void subtract(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] - y[yAt + i];
        }
    }

    @Override
    public void multiply(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * y[yAt + i];
        }
    }

    @Override
    public void divide(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] / y[yAt + i];
        }
    }

    @Override
    public void floorDivide(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.floorDivide(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void mod(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.mod(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void pow(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.pow(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void minimum(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.min(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void maximum(double[] x, int xAt, double[] y, int yAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void multiplyAdd(
            double[] x, int xAt, double[] y, int yAt, double[] z, int zAt, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.fma(x[xAt + i], y[yAt + i], z[zAt + i]);
        }
    }

    @Override
    public void select(
            byte[] condition,
            int conditionAt,
            double[] x,
            int xAt,
            double[] y,
            int yAt,
            double[] out,
            int outAt,
            int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = condition[conditionAt + i] != 0 ? x[xAt + i] : y[yAt + i];
        }
    }

    @Override
    public void fill(double[] out, int outAt, int n, double value) {
        Arrays.fill(out, outAt, outAt + n, value);
    }

    @Override
    public void addScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] + scalar;
        }
    }

    @Override
    public void subtractScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] - scalar;
        }
    }

    @Override
    public void multiplyScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * scalar;
        }
    }

    @Override
    public void divideScalar(double[] x, int xAt, double scalar, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] / scalar;
        }
    }

    @Override
    public void scaleShift(double[] x, int xAt, double scale, double shift, double[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.fma(x[xAt + i], scale, shift);
        }
    }

    @Override
    public void less(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] < y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void lessEqual(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] <= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void greater(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] > y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void greaterEqual(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] >= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void equal(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] == y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void notEqual(double[] x, int xAt, double[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] != y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void isNan(double[] x, int xAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Double.isNaN(x[xAt + i]) ? (byte) 1 : 0;
        }
    }

    @Override
    public void isFinite(double[] x, int xAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Double.isFinite(x[xAt + i]) ? (byte) 1 : 0;
        }
    }

    @Override
    public double sum(double[] x, int xAt, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += BLOCK) {
            sum += sumOfBlock(x, xAt + start, Math.min(BLOCK, n - start));
        }
        return sum;
    }

    private static double sumOfBlock(double[] x, int xAt, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            s0 += x[xAt + i];
            s1 += x[xAt + i + 1];
            s2 += x[xAt + i + 2];
            s3 += x[xAt + i + 3];
        }
        for (; i < n; i++) {
            s0 += x[xAt + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public double dot(double[] x, int xAt, double[] y, int yAt, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += BLOCK) {
            sum += dotOfBlock(x, xAt + start, y, yAt + start, Math.min(BLOCK, n - start));
        }
        return sum;
    }

    private static double dotOfBlock(double[] x, int xAt, double[] y, int yAt, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            s0 += x[xAt + i] * y[yAt + i];
            s1 += x[xAt + i + 1] * y[yAt + i + 1];
            s2 += x[xAt + i + 2] * y[yAt + i + 2];
            s3 += x[xAt + i + 3] * y[yAt + i + 3];
        }
        for (; i < n; i++) {
            s0 += x[xAt + i] * y[yAt + i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public double sumOfSquaresAbout(double[] x, int xAt, double mean, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double distance = x[xAt + i] - mean;
            sum += distance * distance;
        }
        return sum;
    }

    @Override
    public double product(double[] x, int xAt, int n) {
        double product = 1;
        for (int i = 0; i < n; i++) {
            product *= x[xAt + i];
        }
        return product;
    }

    @Override
    public double max(double[] x, int xAt, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, x[xAt + i]);
        }
        return max;
    }

    @Override
    public double min(double[] x, int xAt, int n) {
        double min = Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            min = Math.min(min, x[xAt + i]);
        }
        return min;
    }

    @Override
    public int argMax(double[] x, int xAt, int n) {
        int best = 0;
        for (int i = 0; i < n; i++) {
            double value = x[xAt + i];
            if (Double.isNaN(value)) {
                return i;
            }
            best = value > x[xAt + best] ? i : best;
        }
        return best;
    }

    @Override
    public int argMin(double[] x, int xAt, int n) {
        int best = 0;
        for (int i = 0; i < n; i++) {
            double value = x[xAt + i];
            if (Double.isNaN(value)) {
                return i;
            }
            best = value < x[xAt + best] ? i : best;
        }
        return best;
    }
}
