package dev.tessera.cpu.math.vector;

import dev.tessera.cpu.math.SmallProducts;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of float64: tiles of four rows by one or two vectors, kept in registers along the inner dimension.
 *
 * <p>There is one species in the whole process, because C2 takes the type of a vector from profiles, and boxes what has
 * two. So columns that do not fill a vector are computed with whatever follows them, and what is stored past the end of
 * a row is overwritten: the last columns come first, and rows and matrices in ascending order.
 *
 * <p>In the methods named for a size all bounds are constants, by which C2 unrolls the loops.
 */
final class DoubleTiles {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int TILE_ROWS = 4;

    private DoubleTiles() {}

    static void multiply(SmallProducts.Shape shape, int count, double[] a, double[] b, double[] c) {
        int size = shape.rows() == shape.inner() && shape.rows() == shape.columns() ? shape.rows() : 0;
        for (int i = 0; i < count; i++) {
            int aAt = i * shape.elementsOfA();
            int bAt = i * shape.elementsOfB();
            int cAt = i * shape.elementsOfC();
            switch (size) {
                case 4 -> multiply4(a, aAt, b, bAt, c, cAt);
                case 8 -> multiply8(a, aAt, b, bAt, c, cAt);
                case 16 -> multiply16(a, aAt, b, bAt, c, cAt);
                case 32 -> multiply32(a, aAt, b, bAt, c, cAt);
                case 64 -> multiply64(a, aAt, b, bAt, c, cAt);
                default -> multiplyAny(shape, a, aAt, b, bAt, c, cAt);
            }
        }
    }

    private static void multiply4(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        column(4, 4, a, aAt, b, bAt, c, cAt);
    }

    private static void multiply8(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        for (int row = 0; row < 8; row += TILE_ROWS) {
            for (int column = (8 - 1) / LANES * LANES; column >= 0; column -= LANES) {
                column(8, 8, a, aAt + row * 8, b, bAt + column, c, cAt + row * 8 + column);
            }
        }
    }

    private static void multiply16(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        for (int row = 0; row < 16; row += TILE_ROWS) {
            tileRow(16, 16, a, aAt + row * 16, b, bAt, c, cAt + row * 16);
        }
    }

    private static void multiply32(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        for (int row = 0; row < 32; row += TILE_ROWS) {
            tileRow(32, 32, a, aAt + row * 32, b, bAt, c, cAt + row * 32);
        }
    }

    private static void multiply64(double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        for (int row = 0; row < 64; row += TILE_ROWS) {
            tileRow(64, 64, a, aAt + row * 64, b, bAt, c, cAt + row * 64);
        }
    }

    private static void multiplyAny(
            SmallProducts.Shape shape, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        int inner = shape.inner();
        int width = shape.columns();
        int row = 0;
        for (; row + TILE_ROWS <= shape.rows(); row += TILE_ROWS) {
            tileRow(inner, width, a, aAt + row * inner, b, bAt, c, cAt + row * width);
        }
        for (; row < shape.rows(); row++) {
            row(inner, width, a, aAt + row * inner, b, bAt, c, cAt + row * width);
        }
    }

    private static void tileRow(int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        int vectors = (width + LANES - 1) / LANES;
        if ((vectors & 1) != 0) {
            int column = (vectors - 1) * LANES;
            column(inner, width, a, aAt, b, bAt + column, c, cAt + column);
            vectors--;
        }
        for (int column = (vectors - 2) * LANES; column >= 0; column -= 2 * LANES) {
            tile(inner, width, a, aAt, b, bAt + column, c, cAt + column);
        }
    }

    /** Four rows by two vectors. */
    private static void tile(int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        for (int p = 0; p < inner; p++) {
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bAt + p * width);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bAt + p * width + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[aAt + p]);
            s00 = a0.fma(b0, s00);
            s01 = a0.fma(b1, s01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[aAt + inner + p]);
            s10 = a1.fma(b0, s10);
            s11 = a1.fma(b1, s11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[aAt + 2 * inner + p]);
            s20 = a2.fma(b0, s20);
            s21 = a2.fma(b1, s21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[aAt + 3 * inner + p]);
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
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = DoubleVector.zero(SPECIES);
        DoubleVector s2 = DoubleVector.zero(SPECIES);
        DoubleVector s3 = DoubleVector.zero(SPECIES);
        for (int p = 0; p < inner; p++) {
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bAt + p * width);
            s0 = b0.fma(DoubleVector.broadcast(SPECIES, a[aAt + p]), s0);
            s1 = b0.fma(DoubleVector.broadcast(SPECIES, a[aAt + inner + p]), s1);
            s2 = b0.fma(DoubleVector.broadcast(SPECIES, a[aAt + 2 * inner + p]), s2);
            s3 = b0.fma(DoubleVector.broadcast(SPECIES, a[aAt + 3 * inner + p]), s3);
        }
        s0.intoArray(c, cAt);
        s1.intoArray(c, cAt + width);
        s2.intoArray(c, cAt + 2 * width);
        s3.intoArray(c, cAt + 3 * width);
    }

    /** One row, whole. */
    private static void row(int inner, int width, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        for (int column = (width - 1) / LANES * LANES; column >= 0; column -= LANES) {
            DoubleVector s = DoubleVector.zero(SPECIES);
            for (int p = 0; p < inner; p++) {
                DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bAt + p * width + column);
                s = b0.fma(DoubleVector.broadcast(SPECIES, a[aAt + p]), s);
            }
            s.intoArray(c, cAt + column);
        }
    }
}
