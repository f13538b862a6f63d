package dev.tessera.cpu.math.vector;

import dev.tessera.cpu.math.SmallProducts;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of float32: tiles of four rows by two vectors, kept in registers along the inner dimension; what is left
 * of the columns in one vector, and in vectors of 128 bits.
 *
 * <p>In the methods named for a size all bounds are constants, by which C2 unrolls the loops: worth 10 to 30 percent.
 */
final class FloatTiles {
    private static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> NARROW = FloatVector.SPECIES_128;
    private static final int LANES = WIDE.length();
    private static final int NARROW_LANES = NARROW.length();
    private static final int TILE_ROWS = 4;

    private FloatTiles() {}

    static void multiply(SmallProducts.Shape shape, int count, float[] a, float[] b, float[] c) {
        int width = shape.paddedColumns();
        if (shape.rows() == shape.inner() && shape.rows() == width) {
            switch (width) {
                case 4 -> multiply4(count, a, b, c);
                case 8 -> multiplyAll(count, 8, 8, 8, a, b, c);
                case 16 -> multiply16(count, a, b, c);
                case 32 -> multiply32(count, a, b, c);
                case 64 -> multiply64(count, a, b, c);
                default -> multiplyAll(count, width, width, width, a, b, c);
            }
        } else {
            multiplyAll(count, shape.rows(), shape.inner(), width, a, b, c);
        }
    }

    private static void multiply4(int count, float[] a, float[] b, float[] c) {
        for (int at = 0; at < count * 16; at += 16) {
            FloatVector b0 = FloatVector.fromArray(NARROW, b, at);
            FloatVector b1 = FloatVector.fromArray(NARROW, b, at + 4);
            FloatVector b2 = FloatVector.fromArray(NARROW, b, at + 8);
            FloatVector b3 = FloatVector.fromArray(NARROW, b, at + 12);
            for (int row = at; row < at + 16; row += 4) {
                FloatVector s = b0.mul(a[row]);
                s = b1.fma(FloatVector.broadcast(NARROW, a[row + 1]), s);
                s = b2.fma(FloatVector.broadcast(NARROW, a[row + 2]), s);
                b3.fma(FloatVector.broadcast(NARROW, a[row + 3]), s).intoArray(c, row);
            }
        }
    }

    private static void multiply16(int count, float[] a, float[] b, float[] c) {
        for (int at = 0; at < count * 256; at += 256) {
            multiplyOne(16, 16, 16, a, at, b, at, c, at);
        }
    }

    private static void multiply32(int count, float[] a, float[] b, float[] c) {
        for (int at = 0; at < count * 1024; at += 1024) {
            multiplyOne(32, 32, 32, a, at, b, at, c, at);
        }
    }

    private static void multiply64(int count, float[] a, float[] b, float[] c) {
        for (int at = 0; at < count * 4096; at += 4096) {
            multiplyOne(64, 64, 64, a, at, b, at, c, at);
        }
    }

    private static void multiplyAll(int count, int rows, int inner, int width, float[] a, float[] b, float[] c) {
        for (int i = 0; i < count; i++) {
            multiplyOne(rows, inner, width, a, i * rows * inner, b, i * inner * width, c, i * rows * width);
        }
    }

    private static void multiplyOne(
            int rows, int inner, int width, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        int row = 0;
        for (; row + TILE_ROWS <= rows; row += TILE_ROWS) {
            int column = 0;
            for (; column + 2 * LANES <= width; column += 2 * LANES) {
                tile(inner, width, a, aAt + row * inner, b, bAt + column, c, cAt + row * width + column);
            }
            for (; column + LANES <= width; column += LANES) {
                column(inner, width, a, aAt + row * inner, b, bAt + column, c, cAt + row * width + column);
            }
            for (; column < width; column += NARROW_LANES) {
                narrow(inner, width, a, aAt + row * inner, b, bAt + column, c, cAt + row * width + column);
            }
        }
        for (; row < rows; row++) {
            row(inner, width, a, aAt + row * inner, b, bAt, c, cAt + row * width);
        }
    }

    /** Four rows by two vectors. */
    private static void tile(int inner, int width, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        FloatVector s00 = FloatVector.zero(WIDE);
        FloatVector s01 = FloatVector.zero(WIDE);
        FloatVector s10 = FloatVector.zero(WIDE);
        FloatVector s11 = FloatVector.zero(WIDE);
        FloatVector s20 = FloatVector.zero(WIDE);
        FloatVector s21 = FloatVector.zero(WIDE);
        FloatVector s30 = FloatVector.zero(WIDE);
        FloatVector s31 = FloatVector.zero(WIDE);
        for (int p = 0; p < inner; p++) {
            FloatVector b0 = FloatVector.fromArray(WIDE, b, bAt + p * width);
            FloatVector b1 = FloatVector.fromArray(WIDE, b, bAt + p * width + LANES);
            FloatVector a0 = FloatVector.broadcast(WIDE, a[aAt + p]);
            s00 = a0.fma(b0, s00);
            s01 = a0.fma(b1, s01);
            FloatVector a1 = FloatVector.broadcast(WIDE, a[aAt + inner + p]);
            s10 = a1.fma(b0, s10);
            s11 = a1.fma(b1, s11);
            FloatVector a2 = FloatVector.broadcast(WIDE, a[aAt + 2 * inner + p]);
            s20 = a2.fma(b0, s20);
            s21 = a2.fma(b1, s21);
            FloatVector a3 = FloatVector.broadcast(WIDE, a[aAt + 3 * inner + p]);
            s30 = a3.fma(b0, s30);
            s31 = a3.fma(b1, s31);
        }
        s00.intoArray(c, cAt);
        s01.intoArray(c, cAt + LANES);
        s10.intoArray(c, cAt + width);
        s11.intoArray(c, cAt + width + LANES);
        s20.intoArray(c, cAt + 2 * width);
        s21.intoArray(c, cAt + 2 * width + LANES);
        s30.intoArray(c, cAt + 3 * width);
        s31.intoArray(c, cAt + 3 * width + LANES);
    }

    /** Four rows by one vector. */
    private static void column(int inner, int width, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        FloatVector s0 = FloatVector.zero(WIDE);
        FloatVector s1 = FloatVector.zero(WIDE);
        FloatVector s2 = FloatVector.zero(WIDE);
        FloatVector s3 = FloatVector.zero(WIDE);
        for (int p = 0; p < inner; p++) {
            FloatVector b0 = FloatVector.fromArray(WIDE, b, bAt + p * width);
            s0 = b0.fma(FloatVector.broadcast(WIDE, a[aAt + p]), s0);
            s1 = b0.fma(FloatVector.broadcast(WIDE, a[aAt + inner + p]), s1);
            s2 = b0.fma(FloatVector.broadcast(WIDE, a[aAt + 2 * inner + p]), s2);
            s3 = b0.fma(FloatVector.broadcast(WIDE, a[aAt + 3 * inner + p]), s3);
        }
        s0.intoArray(c, cAt);
        s1.intoArray(c, cAt + width);
        s2.intoArray(c, cAt + 2 * width);
        s3.intoArray(c, cAt + 3 * width);
    }

    /** Four rows by 128 bits. */
    private static void narrow(int inner, int width, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        FloatVector s0 = FloatVector.zero(NARROW);
        FloatVector s1 = FloatVector.zero(NARROW);
        FloatVector s2 = FloatVector.zero(NARROW);
        FloatVector s3 = FloatVector.zero(NARROW);
        for (int p = 0; p < inner; p++) {
            FloatVector b0 = FloatVector.fromArray(NARROW, b, bAt + p * width);
            s0 = b0.fma(FloatVector.broadcast(NARROW, a[aAt + p]), s0);
            s1 = b0.fma(FloatVector.broadcast(NARROW, a[aAt + inner + p]), s1);
            s2 = b0.fma(FloatVector.broadcast(NARROW, a[aAt + 2 * inner + p]), s2);
            s3 = b0.fma(FloatVector.broadcast(NARROW, a[aAt + 3 * inner + p]), s3);
        }
        s0.intoArray(c, cAt);
        s1.intoArray(c, cAt + width);
        s2.intoArray(c, cAt + 2 * width);
        s3.intoArray(c, cAt + 3 * width);
    }

    /** One row, whole. */
    private static void row(int inner, int width, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        int column = 0;
        for (; column + LANES <= width; column += LANES) {
            FloatVector s = FloatVector.zero(WIDE);
            for (int p = 0; p < inner; p++) {
                FloatVector b0 = FloatVector.fromArray(WIDE, b, bAt + p * width + column);
                s = b0.fma(FloatVector.broadcast(WIDE, a[aAt + p]), s);
            }
            s.intoArray(c, cAt + column);
        }
        for (; column < width; column += NARROW_LANES) {
            FloatVector s = FloatVector.zero(NARROW);
            for (int p = 0; p < inner; p++) {
                FloatVector b0 = FloatVector.fromArray(NARROW, b, bAt + p * width + column);
                s = b0.fma(FloatVector.broadcast(NARROW, a[aAt + p]), s);
            }
            s.intoArray(c, cAt + column);
        }
    }
}
