package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * {@code C = A*Aᵀ} by OpenBLAS, which computes the upper triangle, and its mirror image in blocks. Confined to one thread.
 */
final class Syrk implements ShiftedProduct {
    /** Rows and columns that are mirrored at once: both blocks stay in the first-level cache. */
    private static final int BLOCK = 32;

    private final MatrixView a;
    private final MatrixView c;
    private final Triangle triangle;

    private interface Triangle {
        void multiply(long aAt, long cAt);

        /** Reads a row of a block. */
        void load(int from, int row, int width);

        /** Writes the first elements of a column of the block as a run. */
        void storeColumn(int column, int to, int height);
    }

    /** Prepares the product for A that is not empty and C that starts and has its rows anywhere in its buffer. */
    Syrk(DType dtype, MatrixView a, MatrixView c) {
        this.a = a;
        // Symmetric, so that it does not matter which of its sides are rows.
        this.c = c.isTransposed() ? c.transpose() : c;
        this.triangle = dtype == DType.FLOAT32 ? new Floats(this.a, this.c) : new Doubles(this.a, this.c);
    }

    /** Here both shifts of A are one. */
    @Override
    public void multiply(long aShift, long bShift, long cShift) {
        long cAt = c.offset() + cShift;
        triangle.multiply(a.offset() + aShift, cAt);
        mirror(Math.toIntExact(cAt));
    }

    private void mirror(int at) {
        int size = c.rows();
        for (int row = 0; row < size; row += BLOCK) {
            for (int column = row; column < size; column += BLOCK) {
                mirrorBlock(at, row, column);
            }
        }
    }

    /** Copies a block above the diagonal, or what of it is, to its place below it, row by row of either. */
    private void mirrorBlock(int at, int firstRow, int firstColumn) {
        int lead = c.leadingDimension();
        int height = Math.min(BLOCK, c.rows() - firstRow);
        int width = Math.min(BLOCK, c.rows() - firstColumn);
        for (int row = 0; row < height; row++) {
            triangle.load(at + (firstRow + row) * lead + firstColumn, row, width);
        }
        for (int column = 0; column < width; column++) {
            int above = Math.min(height, firstColumn + column - firstRow);
            triangle.storeColumn(column, at + (firstColumn + column) * lead + firstRow, above);
        }
    }

    private static int trans(MatrixView a) {
        return a.isTransposed() ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
    }

    private static final class Floats implements Triangle {
        private final MatrixView a;
        private final MatrixView c;
        private final FloatPointer from;
        private final FloatPointer to;
        private final FloatBuffer elements;
        private final float[] block = new float[BLOCK * BLOCK];
        private final float[] line = new float[BLOCK];

        Floats(MatrixView a, MatrixView c) {
            this.a = a;
            this.c = c;
            ByteBuffer bytes = PlainGemm.nativeOrder(c.buffer());
            this.elements = bytes.asFloatBuffer();
            this.from = new FloatPointer(PlainGemm.nativeOrder(a.buffer()).asFloatBuffer());
            this.to = new FloatPointer(bytes.asFloatBuffer());
        }

        @Override
        public void multiply(long aAt, long cAt) {
            openblas_nolapack.cblas_ssyrk(
                    openblas_nolapack.CblasRowMajor,
                    openblas_nolapack.CblasUpper,
                    trans(a),
                    c.rows(),
                    a.columns(),
                    1,
                    from.position(aAt),
                    a.leadingDimension(),
                    0,
                    to.position(cAt),
                    c.leadingDimension());
        }

        @Override
        public void load(int from, int row, int width) {
            elements.get(from, block, row * BLOCK, width);
        }

        @Override
        public void storeColumn(int column, int to, int height) {
            for (int row = 0; row < height; row++) {
                line[row] = block[row * BLOCK + column];
            }
            elements.put(to, line, 0, height);
        }
    }

    private static final class Doubles implements Triangle {
        private final MatrixView a;
        private final MatrixView c;
        private final DoublePointer from;
        private final DoublePointer to;
        private final DoubleBuffer elements;
        private final double[] block = new double[BLOCK * BLOCK];
        private final double[] line = new double[BLOCK];

        Doubles(MatrixView a, MatrixView c) {
            this.a = a;
            this.c = c;
            ByteBuffer bytes = PlainGemm.nativeOrder(c.buffer());
            this.elements = bytes.asDoubleBuffer();
            this.from = new DoublePointer(PlainGemm.nativeOrder(a.buffer()).asDoubleBuffer());
            this.to = new DoublePointer(bytes.asDoubleBuffer());
        }

        @Override
        public void multiply(long aAt, long cAt) {
            openblas_nolapack.cblas_dsyrk(
                    openblas_nolapack.CblasRowMajor,
                    openblas_nolapack.CblasUpper,
                    trans(a),
                    c.rows(),
                    a.columns(),
                    1,
                    from.position(aAt),
                    a.leadingDimension(),
                    0,
                    to.position(cAt),
                    c.leadingDimension());
        }

        @Override
        public void load(int from, int row, int width) {
            elements.get(from, block, row * BLOCK, width);
        }

        @Override
        public void storeColumn(int column, int to, int height) {
            for (int row = 0; row < height; row++) {
                line[row] = block[row * BLOCK + column];
            }
            elements.put(to, line, 0, height);
        }
    }
}
