package dev.tessera.cpu.program;

/**
 * Loops over runs of int32, one for each function, so that the compiler can turn them into vector instructions.
 * Arithmetic wraps. A result may take the place of what it is computed from.
 */
final class Int32Loops {
    private Int32Loops() {}

    static void negate(int[] x, int xAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = -x[xAt + i];
        }
    }

    static void abs(int[] x, int xAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.abs(x[xAt + i]);
        }
    }

    static void sign(int[] x, int xAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = (x[xAt + i] >> (Integer.SIZE - 1)) | (-x[xAt + i] >>> (Integer.SIZE - 1));
        }
    }

    static void square(int[] x, int xAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * x[xAt + i];
        }
    }

    static void copy(int[] x, int xAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i];
        }
    }

    static void relu(int[] x, int xAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], 0);
        }
    }

    static void add(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] + y[yAt + i];
        }
    }

    static void subtract(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] - y[yAt + i];
        }
    }

    static void multiply(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] * y[yAt + i];
        }
    }

    /** By 0 it is 0. */
    static void floorDivide(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = y[yAt + i] == 0 ? 0 : Math.floorDiv(x[xAt + i], y[yAt + i]);
        }
    }

    /** By 0 it is 0. */
    static void mod(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = y[yAt + i] == 0 ? 0 : Math.floorMod(x[xAt + i], y[yAt + i]);
        }
    }

    static void power(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = power(x[xAt + i], y[yAt + i]);
        }
    }

    /** {@code base} to a power; to a negative one, {@code 1 / base} truncated, and 0 of 0. */
    private static int power(int base, int exponent) {
        if (exponent < 0) {
            boolean isOdd = (exponent & 1) != 0;
            return base == 1 ? 1 : base == -1 ? (isOdd ? -1 : 1) : 0;
        }
        int result = 1;
        int square = base;
        for (int rest = exponent; rest != 0; rest >>= 1) {
            result = (rest & 1) == 0 ? result : result * square;
            square *= square;
        }
        return result;
    }

    static void minimum(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.min(x[xAt + i], y[yAt + i]);
        }
    }

    static void maximum(int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = Math.max(x[xAt + i], y[yAt + i]);
        }
    }

    static void equal(int[] x, int xAt, int[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] == y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void notEqual(int[] x, int xAt, int[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] != y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void less(int[] x, int xAt, int[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] < y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void lessEqual(int[] x, int xAt, int[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] <= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void greater(int[] x, int xAt, int[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] > y[yAt + i] ? (byte) 1 : 0;
        }
    }

    static void greaterEqual(int[] x, int xAt, int[] y, int yAt, byte[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = x[xAt + i] >= y[yAt + i] ? (byte) 1 : 0;
        }
    }

    /** x where the condition is 1, y where it is 0. */
    static void select(byte[] condition, int at, int[] x, int xAt, int[] y, int yAt, int[] out, int outAt, int n) {
        for (int i = 0; i < n; i++) {
            out[outAt + i] = condition[at + i] != 0 ? x[xAt + i] : y[yAt + i];
        }
    }

    static int sum(int start, int[] x, int xAt, int n) {
        int folded = start;
        for (int i = 0; i < n; i++) {
            folded = folded + x[xAt + i];
        }
        return folded;
    }

    static int product(int start, int[] x, int xAt, int n) {
        int folded = start;
        for (int i = 0; i < n; i++) {
            folded = folded * x[xAt + i];
        }
        return folded;
    }

    static int largest(int start, int[] x, int xAt, int n) {
        int folded = start;
        for (int i = 0; i < n; i++) {
            folded = Math.max(folded, x[xAt + i]);
        }
        return folded;
    }

    static int smallest(int start, int[] x, int xAt, int n) {
        int folded = start;
        for (int i = 0; i < n; i++) {
            folded = Math.min(folded, x[xAt + i]);
        }
        return folded;
    }

    /** Where {@code value} is first found, counted from {@code xAt}; it is there. */
    static int position(int value, int[] x, int xAt) {
        int i = 0;
        while (x[xAt + i] != value) {
            i++;
        }
        return i;
    }
}
