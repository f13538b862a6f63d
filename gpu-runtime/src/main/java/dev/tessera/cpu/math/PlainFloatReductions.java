package dev.tessera.cpu.math;

/** What {@link PlainFloatPrimitives} makes other types or single values of: comparisons and reductions. Stateless. */
abstract class PlainFloatReductions implements FloatPrimitives {
    /** Elements added up in one go; see {@link FloatPrimitives#sum}. */
    private static final int BLOCK = 256;

    @Override
    public void less(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] < y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void lessEqual(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] <= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void greater(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] > y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void greaterEqual(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] >= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void equal(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] == y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void notEqual(float[] x, int xAt, float[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] != y[yAt + i] ? (byte) 1 : 0;
        }
    }

    @Override
    public void isNan(float[] x, int xAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Float.isNaN(x[xAt + i]) ? (byte) 1 : 0;
        }
    }

    @Override
    public void isFinite(float[] x, int xAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Float.isFinite(x[xAt + i]) ? (byte) 1 : 0;
        }
    }

    @Override
    public double sum(float[] x, int xAt, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += BLOCK) {
            sum += sumOfBlock(x, xAt + start, Math.min(BLOCK, n - start));
        }
        return sum;
    }

    private static float sumOfBlock(float[] x, int xAt, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
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
    public double dot(float[] x, int xAt, float[] y, int yAt, int n) {
        double sum = 0;
        for (int start = 0; start < n; start += BLOCK) {
            sum += dotOfBlock(x, xAt + start, y, yAt + start, Math.min(BLOCK, n - start));
        }
        return sum;
    }

    private static float dotOfBlock(float[] x, int xAt, float[] y, int yAt, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
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
    public double sumOfSquaresAbout(float[] x, int xAt, float mean, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double distance = (double) x[xAt + i] - mean;
            sum += distance * distance;
        }
        return sum;
    }

    @Override
    public double product(float[] x, int xAt, int n) {
        double product = 1;
        for (int i = 0; i < n; i++) {
            product *= x[xAt + i];
        }
        return product;
    }

    @Override
    public float max(float[] x, int xAt, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, x[xAt + i]);
        }
        return max;
    }

    @Override
    public float min(float[] x, int xAt, int n) {
        float min = Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            min = Math.min(min, x[xAt + i]);
        }
        return min;
    }

    @Override
    public int argMax(float[] x, int xAt, int n) {
        int best = 0;
        for (int i = 0; i < n; i++) {
            float value = x[xAt + i];
            if (Float.isNaN(value)) {
                return i;
            }
            best = value > x[xAt + best] ? i : best;
        }
        return best;
    }

    @Override
    public int argMin(float[] x, int xAt, int n) {
        int best = 0;
        for (int i = 0; i < n; i++) {
            float value = x[xAt + i];
            if (Float.isNaN(value)) {
                return i;
            }
            best = value < x[xAt + best] ? i : best;
        }
        return best;
    }
}
