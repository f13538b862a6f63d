package dev.tessera.cpu.math;

import java.util.Arrays;

/** {@link FloatPrimitives} in plain Java: every JVM runs it. Any number of threads may share it. */
public class PlainFloatPrimitives extends PlainFloatReductions {
    public static final PlainFloatPrimitives INSTANCE = new PlainFloatPrimitives();

    private static final int BLOCK = FloatExponentials.BLOCK;

    /** The scratch of each thread: allocating 3 kB per call would cost as much as the functions. */
    @SuppressWarnings("ThreadLocalUsage") // the one instance is static
    private final ThreadLocal<FloatFunctions> functions = ThreadLocal.withInitial(FloatFunctions::new);

    /** For a twin that replaces some of the loops. */
    protected PlainFloatPrimitives() {}

    private static final class FloatFunctions {
        private final FloatExponentials exponentials = new FloatExponentials();
        private final FloatLogarithms logarithms = new FloatLogarithms();
        private final FloatTrigonometry trigonometry = new FloatTrigonometry();
        private final FloatPowers powers = new FloatPowers();
    }

    @Override
    public void neg(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = -x[xAt + i];
        }
    }

    @Override
    public void abs(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.abs(x[xAt + i]);
        }
    }

    @Override
    public void sign(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.sign(x[xAt + i]);
        }
    }

    @Override
    public void square(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * x[xAt + i];
        }
    }

    @Override
    public void reciprocal(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = 1 / x[xAt + i];
        }
    }

    @Override
    public void sqrt(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = (float) Math.sqrt(x[xAt + i]);
        }
    }

    @Override
    public void rsqrt(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = (float) (1 / Math.sqrt(x[xAt + i]));
        }
    }

    @Override
    public void relu(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], 0);
        }
    }

    @Override
    public void floor(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = (float) Math.floor(x[xAt + i]);
        }
    }

    @Override
    public void ceil(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = (float) Math.ceil(x[xAt + i]);
        }
    }

    @Override
    public void round(float[] x, int xAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = (float) Math.rint(x[xAt + i]);
        }
    }

    @Override
    public void exp(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.exp(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void expm1(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.expm1(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void log(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.logarithms.log(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void log1p(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.logarithms.log1p(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void sin(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.trigonometry.sin(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void cos(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.trigonometry.cos(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void tan(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.trigonometry.tan(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void tanh(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.tanh(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void log2(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.logarithms.log2(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void sigmoid(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.sigmoid(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void softplus(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.softplus(f.logarithms, x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void erf(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.erf(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void gelu(float[] x, int xAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.exponentials.gelu(x, xAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] + y[yAt + i];
        }
    }

    @Override
    public void subtract(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] - y[yAt + i];
        }
    }

    @Override
    public void multiply(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * y[yAt + i];
        }
    }

    @Override
    public void divide(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] / y[yAt + i];
        }
    }

    @Override
    public void floorDivide(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.floorDivide(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void mod(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = RealFunctions.mod(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void pow(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        FloatFunctions f = functions.get();
        for (int at = 0; at < n; at += BLOCK) {
            f.powers.pow(x, xAt + at, y, yAt + at, out, outAt + at, Math.min(BLOCK, n - at));
        }
    }

    @Override
    public void minimum(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.min(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void maximum(float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], y[yAt + i]);
        }
    }

    @Override
    public void multiplyAdd(float[] x, int xAt, float[] y, int yAt, float[] z, int zAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.fma(x[xAt + i], y[yAt + i], z[zAt + i]);
        }
    }

    @Override
    public void select(
            byte[] condition, int conditionAt, float[] x, int xAt, float[] y, int yAt, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = condition[conditionAt + i] != 0 ? x[xAt + i] : y[yAt + i];
        }
    }

    @Override
    public void fill(float[] out, int outAt, int n, float value) {
        Arrays.fill(out, outAt, outAt + n, value);
    }

    @Override
    public void addScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] + scalar;
        }
    }

    @Override
    public void subtractScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] - scalar;
        }
    }

    @Override
    public void multiplyScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * scalar;
        }
    }

    @Override
    public void divideScalar(float[] x, int xAt, float scalar, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] / scalar;
        }
    }

    @Override
    public void scaleShift(float[] x, int xAt, float scale, float shift, float[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.fma(x[xAt + i], scale, shift);
        }
    }
}
