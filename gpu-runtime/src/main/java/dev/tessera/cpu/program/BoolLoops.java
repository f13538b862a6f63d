package dev.tessera.cpu.program;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Loops over runs of bool, bytes that are 0 or 1, one for each function. They take eight at once in a long: the vector
 * instructions of the compiler take so many that a block has about as many left over at both ends, one by one. A result
 * may take the place of what it is computed from.
 */
final class BoolLoops {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int WORD = Long.BYTES;
    private static final long ONES = 0x0101_0101_0101_0101L;

    private BoolLoops() {}

    private static long word(byte[] bytes, int at) {
        return (long) WORDS.get(bytes, at);
    }

    private static void put(byte[] bytes, int at, long word) {
        WORDS.set(bytes, at, word);
    }

    static void copy(byte[] x, int xAt, byte[] out, int outAt, int n) {
        System.arraycopy(x, xAt, out, outAt, n);
    }

    static void not(byte[] x, int xAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            put(out, outAt + i, word(x, xAt + i) ^ ONES);
        }
        for (; i < n; i++) {
            out[outAt + i] = (byte) (x[xAt + i] ^ 1);
        }
    }

    static void or(byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            put(out, outAt + i, word(x, xAt + i) | word(y, yAt + i));
        }
        for (; i < n; i++) {
            out[outAt + i] = (byte) (x[xAt + i] | y[yAt + i]);
        }
    }

    static void and(byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            put(out, outAt + i, word(x, xAt + i) & word(y, yAt + i));
        }
        for (; i < n; i++) {
            out[outAt + i] = (byte) (x[xAt + i] & y[yAt + i]);
        }
    }

    static void xor(byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            put(out, outAt + i, word(x, xAt + i) ^ word(y, yAt + i));
        }
        for (; i < n; i++) {
            out[outAt + i] = (byte) (x[xAt + i] ^ y[yAt + i]);
        }
    }

    static void equal(byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            put(out, outAt + i, word(x, xAt + i) ^ word(y, yAt + i) ^ ONES);
        }
        for (; i < n; i++) {
            out[outAt + i] = (byte) (x[xAt + i] ^ y[yAt + i] ^ 1);
        }
    }

    static void less(byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            put(out, outAt + i, (word(x, xAt + i) ^ ONES) & word(y, yAt + i));
        }
        for (; i < n; i++) {
            out[outAt + i] = (byte) ((x[xAt + i] ^ 1) & y[yAt + i]);
        }
    }

    static void lessEqual(byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            put(out, outAt + i, (word(x, xAt + i) ^ ONES) | word(y, yAt + i));
        }
        for (; i < n; i++) {
            out[outAt + i] = (byte) ((x[xAt + i] ^ 1) | y[yAt + i]);
        }
    }

    /** x where the condition is 1, y where it is 0. */
    static void select(byte[] condition, int at, byte[] x, int xAt, byte[] y, int yAt, byte[] out, int outAt, int n) {
        int i = 0;
        for (; i <= n - WORD; i += WORD) {
            long yWord = word(y, yAt + i);
            put(out, outAt + i, ((word(x, xAt + i) ^ yWord) & word(condition, at + i)) ^ yWord);
        }
        for (; i < n; i++) {
            out[outAt + i] = condition[at + i] != 0 ? x[xAt + i] : y[yAt + i];
        }
    }
}
