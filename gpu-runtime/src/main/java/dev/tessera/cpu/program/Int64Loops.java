package dev.tessera.cpu.program;

/**
 * Loops over runs of int64, one for each function, so that the compiler can turn them into vector instructions.
 * Arithmetic wraps. A result may take the place of what it is computed from.
 */
final class Int64Loops {
    private Int64Loops() {}

    static void negate(long[] x, int xAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = -x[xAt + i];
        }
    }

    static void abs(long[] x, int xAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.abs(x[xAt + i]);
        }
    }

    static void sign(long[] x, int xAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = (x[xAt + i] >> (Long.SIZE - 1)) | (-x[xAt + i] >>> (Long.SIZE - 1));
        }
    }

    static void square(long[] x, int xAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * x[xAt + i];
        }
    }

    static void copy(long[] x, int xAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i];
        }
    }

    static void relu(long[] x, int xAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], 0);
        }
    }

    static void add(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] + y[yAt + i];
        }
    }

    static void subtract(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] - y[yAt + i];
        }
    }

    static void multiply(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * y[yAt + i];
        }
    }

    /** By 0 it is 0. */
    static void floorDivide(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = y[yAt + i] == 0 ? 0 : Math.floorDiv(x[xAt + i], y[yAt + i]);
        }
    }

    /** By 0 it is 0. */
    static void mod(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = y[yAt + i] == 0 ? 0 : Math.floorMod(x[xAt + i], y[yAt + i]);
        }
    }

    static void power(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = power(x[xAt + i], y[yAt + i]);
        }
    }

    /** {@code base} to a power; to a negative one, {@code 1 / base} truncated, and 0 of 0. */
    private static long power(long base, long exponent) {
        if (exponent < 0) {
            boolean isOdd = (exponent & 1) != 0;
            return base == 1 ? 1 : base == -1 ? (isOdd ? -1 : 1) : 0;
        }
        long result = 1;
        long square = base;
        for (long rest = exponent; rest != 0; rest >>= 1) {
            result = (rest & 1) == 0 ? result : result * square;
            square *= square;
        }
        return result;
    }

    static void minimum(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.min(x[xAt + i], y[yAt + i]);
        }
    }

    static void maximum(long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], y[yAt + i]);
        }
    }

    static void equal(long[] x, int xAt, long[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] == y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void notEqual(long[] x, int xAt, long[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] != y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void less(long[] x, int xAt, long[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] < y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void lessEqual(long[] x, int xAt, long[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] <= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void greater(long[] x, int xAt, long[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] > y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void greaterEqual(long[] x, int xAt, long[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] >= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    /** x where the condition is 1, y where it is 0. */
    static void select(byte[] condition, int at, long[] x, int xAt, long[] y, int yAt, long[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = condition[at + i] != 0 ? x[xAt + i] : y[yAt + i];
        }
    }

    static long sum(long start, long[] x, int xAt, int n) {
        long folded = start;
        for (int i = 0; i < n; i++) {
            folded = folded + x[xAt + i];
        }
        return folded;
    }

    static long product(long start, long[] x, int xAt, int n) {
        long folded = start;
        for (int i = 0; i < n; i++) {
            folded = folded * x[xAt + i];
        }
        return folded;
    }

    static long largest(long start, long[] x, int xAt, int n) {
        long folded = start;
        for (int i = 0; i < n; i++) {
            folded = Math.max(folded, x[xAt + i]);
        }
        return folded;
    }

    static long smallest(long start, long[] x, int xAt, int n) {
        long folded = start;
        for (int i = 0; i < n; i++) {
            folded = Math.min(folded, x[xAt + i]);
        }
        return folded;
    }

    /** Where {@code value} is first found, counted from {@code xAt}; it is there. */
    static int position(long value, long[] x, int xAt) {
        int i = 0;
        while (x[xAt + i] != value) {
            i++;
        }
        return i;
    }
}
