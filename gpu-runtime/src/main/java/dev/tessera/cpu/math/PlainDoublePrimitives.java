package dev.tessera.cpu.math;

import java.util.Arrays;

/** {@link DoublePrimitives} in plain Java: every JVM runs it. Any number of threads may share it. */
public class PlainDoublePrimitives extends PlainDoubleReductions {
    public static final PlainDoublePrimitives INSTANCE = new PlainDoublePrimitives();

    private static final int BLOCK = DoubleExponentials.BLOCK;

    /** The scratch of each thread: allocating it per call would cost as much as the functions. */
    @SuppressWarnings("ThreadLocalUsage") // the one instance is static
    private final ThreadLocal<Functions> functions = ThreadLocal.withInitial(Functions::new);

    /** For a twin that replaces some of the loops. */
    protected PlainDoublePrimitives() {}

    private static final class Functions {
        private final DoubleExponentials exponentials = new DoubleExponentials();
        private final DoubleLogarithms logarithms = new DoubleLogarithms();
        private final DoubleTrigonometry trigonometry = new DoubleTrigonometry();
        private final DoubleErrorFunctions errors = new DoubleErrorFunctions(exponentials);
        private final DoublePowers powers = new DoublePowers();
    }

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
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.exp(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void expm1(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.expm1(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void log(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.logarithms.log(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void log1p(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.logarithms.log1p(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void sin(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.trigonometry.sin(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void cos(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.trigonometry.cos(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void tan(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.trigonometry.tan(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void tanh(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.tanh(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void log2(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.logarithms.log2(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void sigmoid(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.sigmoid(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void softplus(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.softplus(f.logarithms, x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void erf(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.errors.erf(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void gelu(double[] x, int xAt, double[] out, int outAt, int n) {
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.errors.gelu(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
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
        Functions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.powers.pow(x, xAt + at, y, yAt + at, out, outAt + at, Math.min(BLOCK, n - at));
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
}
