package dev.tessera.cpu.math.vector;

import dev.tessera.cpu.math.SmallProducts;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of float64: tiles of four rows by two vectors, kept in registers along the inner dimension; what is left
 * of the columns in one vector, and in vectors of 128 bits.
 *
 * <p>In the methods named for a size all bounds are constants, by which C2 unrolls the loops: worth 10 to 30 percent.
 */
final class DoubleTiles {
    private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> NARROW = DoubleVector.SPECIES_128;
    private static final int LANES = WIDE.length();
    private static final int NARROW_LANES = NARROW.length();
    private static final int TILE_ROWS = 4;

    private DoubleTiles() {}

    static void multiply(SmallProducts.Shape shape, int count, double[] a, double[] b, double[] c) {
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

    private static void multiply4(int count, double[] a, double[] b, double[] c) {
        for (int at = 0; at < count * 16; at += 16) {
            multiplyOne(4, 4, 4, a, at, b, at, c, at);
        }
    }

    private static void multiply16(int count, double[] a, double[] b, double[] c) {
        for (int at = 0; at < count * 256; at += 256) {
            multiplyOne(16, 16, 16, a, at, b, at, c, at);
        }
    }

    private static void multiply32(int count, double[] a, double[] b, double[] c) {
        for (int at = 0; at < count * 1024; at += 1024) {
            multiplyOne(32, 32, 32, a, at, b, at, c, at);
        }
    }

    private static void multiply64(int count, double[] a, double[] b, double[] c) {
        for (int at = 0; at < count * 4096; at += 4096) {
            multiplyOne(64, 64, 64, a, at, b, at, c, at);
        }
    }

    private static void multiplyAll(int count, int rows, int inner, int width, double[] a, double[] b, double[] c) {
        for (int i = 0; i < count; i++) {
            multiplyOne(rows, inner, width, a, i * rows * inner, b, i * inner * width, c, i * rows * width);
        }
    }

    private static void multiplyOne(
            int rows, int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
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
    private static void tile(int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        DoubleVector s00 = DoubleVector.zero(WIDE);
        DoubleVector s01 = DoubleVector.zero(WIDE);
        DoubleVector s10 = DoubleVector.zero(WIDE);
        DoubleVector s11 = DoubleVector.zero(WIDE);
        DoubleVector s20 = DoubleVector.zero(WIDE);
        DoubleVector s21 = DoubleVector.zero(WIDE);
        DoubleVector s30 = DoubleVector.zero(WIDE);
        DoubleVector s31 = DoubleVector.zero(WIDE);
        for (int p = 0; p < inner; p++) {
            DoubleVector b0 = DoubleVector.fromArray(WIDE, b, bAt + p * width);
            DoubleVector b1 = DoubleVector.fromArray(WIDE, b, bAt + p * width + LANES);
            DoubleVector a0 = DoubleVector.broadcast(WIDE, a[aAt + p]);
            s00 = a0.fma(b0, s00);
            s01 = a0.fma(b1, s01);
            DoubleVector a1 = DoubleVector.broadcast(WIDE, a[aAt + inner + p]);
            s10 = a1.fma(b0, s10);
            s11 = a1.fma(b1, s11);
            DoubleVector a2 = DoubleVector.broadcast(WIDE, a[aAt + 2 * inner + p]);
            s20 = a2.fma(b0, s20);
            s21 = a2.fma(b1, s21);
            DoubleVector a3 = DoubleVector.broadcast(WIDE, a[aAt + 3 * inner + p]);
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
    private static void column(int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        DoubleVector s0 = DoubleVector.zero(WIDE);
        DoubleVector s1 = DoubleVector.zero(WIDE);
        DoubleVector s2 = DoubleVector.zero(WIDE);
        DoubleVector s3 = DoubleVector.zero(WIDE);
        for (int p = 0; p < inner; p++) {
            DoubleVector b0 = DoubleVector.fromArray(WIDE, b, bAt + p * width);
            s0 = b0.fma(DoubleVector.broadcast(WIDE, a[aAt + p]), s0);
            s1 = b0.fma(DoubleVector.broadcast(WIDE, a[aAt + inner + p]), s1);
            s2 = b0.fma(DoubleVector.broadcast(WIDE, a[aAt + 2 * inner + p]), s2);
            s3 = b0.fma(DoubleVector.broadcast(WIDE, a[aAt + 3 * inner + p]), s3);
        }
        s0.intoArray(c, cAt);
        s1.intoArray(c, cAt + width);
        s2.intoArray(c, cAt + 2 * width);
        s3.intoArray(c, cAt + 3 * width);
    }

    /** Four rows by 128 bits. */
    private static void narrow(int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        DoubleVector s0 = DoubleVector.zero(NARROW);
        DoubleVector s1 = DoubleVector.zero(NARROW);
        DoubleVector s2 = DoubleVector.zero(NARROW);
        DoubleVector s3 = DoubleVector.zero(NARROW);
        for (int p = 0; p < inner; p++) {
            DoubleVector b0 = DoubleVector.fromArray(NARROW, b, bAt + p * width);
            s0 = b0.fma(DoubleVector.broadcast(NARROW, a[aAt + p]), s0);
            s1 = b0.fma(DoubleVector.broadcast(NARROW, a[aAt + inner + p]), s1);
            s2 = b0.fma(DoubleVector.broadcast(NARROW, a[aAt + 2 * inner + p]), s2);
            s3 = b0.fma(DoubleVector.broadcast(NARROW, a[aAt + 3 * inner + p]), s3);
        }
        s0.intoArray(c, cAt);
        s1.intoArray(c, cAt + width);
        s2.intoArray(c, cAt + 2 * width);
        s3.intoArray(c, cAt + 3 * width);
    }

    /** One row, whole. */
    private static void row(int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        int column = 0;
        for (; column + LANES <= width; column += LANES) {
            DoubleVector s = DoubleVector.zero(WIDE);
            for (int p = 0; p < inner; p++) {
                DoubleVector b0 = DoubleVector.fromArray(WIDE, b, bAt + p * width + column);
                s = b0.fma(DoubleVector.broadcast(WIDE, a[aAt + p]), s);
            }
            s.intoArray(c, cAt + column);
        }
        for (; column < width; column += NARROW_LANES) {
            DoubleVector s = DoubleVector.zero(NARROW);
            for (int p = 0; p < inner; p++) {
                DoubleVector b0 = DoubleVector.fromArray(NARROW, b, bAt + p * width + column);
                s = b0.fma(DoubleVector.broadcast(NARROW, a[aAt + p]), s);
            }
            s.intoArray(c, cAt + column);
        }
    }
}
