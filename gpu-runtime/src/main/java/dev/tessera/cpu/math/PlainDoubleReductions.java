package dev.tessera.cpu.math;

/** What {@link PlainDoublePrimitives} makes other types or single values of: comparisons and reductions. Stateless. */
abstract class PlainDoubleReductions implements DoublePrimitives {
    /** Elements added up in one go; see {@link DoublePrimitives#sum}. */
    private static final int BLOCK = 256;

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
