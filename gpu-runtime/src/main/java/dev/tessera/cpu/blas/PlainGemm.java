package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The blocked product in plain Java: blocks of the operands are copied to heap arrays, whose loops the JIT compiler
 * vectorises. One object serves any number of equally shaped products; confined to one thread.
 */
final class PlainGemm implements ShiftedProduct {
    /** A panel of B of 128 by 256 floats stays in the second-level cache while the rows of A pass by. */
    private static final int BLOCK_DEPTH = 128;

    private static final int BLOCK_WIDTH = 256;

    /** Rows of A loaded at once, so that a transposed A is read in runs. */
    private static final int BLOCK_HEIGHT = 16;

    private final MatrixView a;
    private final MatrixView b;
    private final MatrixView c;
    private final Blocks blocks;
    private final Panels panels;

    /** The largest block of this product: rows, elements along the inner dimension, columns. */
    record Blocks(int height, int depth, int width) {}

    /** The buffers of the three operands, in native byte order. */
    record Operands(ByteBuffer a, ByteBuffer b, ByteBuffer c) {}

    /** Prepares {@code C = alpha*A*B + beta*C}. C must not be transposed. */
    PlainGemm(DType dtype, Scaling scaling, MatrixView a, MatrixView b, MatrixView c) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.blocks = new Blocks(
                Math.min(BLOCK_HEIGHT, c.rows()),
                Math.min(BLOCK_DEPTH, a.columns()),
                Math.min(BLOCK_WIDTH, c.columns()));
        Operands operands = new Operands(nativeOrder(a.buffer()), nativeOrder(b.buffer()), nativeOrder(c.buffer()));
        this.panels = Panels.of(dtype, scaling, operands, blocks);
    }

    /** The whole of {@code buffer}, in native order, with a position of its own. */
    static ByteBuffer nativeOrder(ByteBuffer buffer) {
        return buffer.duplicate().clear().order(ByteOrder.nativeOrder());
    }

    @Override
    public void multiply(long aShift, long bShift, long cShift) {
        int aAt = Math.toIntExact(a.offset() + aShift);
        int bAt = Math.toIntExact(b.offset() + bShift);
        int cAt = Math.toIntExact(c.offset() + cShift);
        for (int column = 0; column < c.columns(); column += BLOCK_WIDTH) {
            int width = Math.min(BLOCK_WIDTH, c.columns() - column);
            if (a.columns() == 0) {
                scale(cAt + column, width);
            }
            for (int inner = 0; inner < a.columns(); inner += BLOCK_DEPTH) {
                int depth = Math.min(BLOCK_DEPTH, a.columns() - inner);
                loadB(bAt, inner, column, depth, width);
                multiplyPanel(aAt, inner, depth, cAt + column, width);
            }
        }
    }

    private void scale(int cAt, int width) {
        for (int row = 0; row < c.rows(); row++) {
            int at = cAt + row * c.leadingDimension();
            panels.loadScaledC(at, width);
            panels.storeC(at, width);
        }
    }

    private void loadB(int bAt, int inner, int column, int depth, int width) {
        int lead = b.leadingDimension();
        if (b.isTransposed()) {
            for (int j = 0; j < width; j++) {
                panels.loadB(bAt + (column + j) * lead + inner, j, depth, blocks.width);
            }
        } else {
            for (int p = 0; p < depth; p++) {
                panels.loadB(bAt + (inner + p) * lead + column, p * blocks.width, width, 1);
            }
        }
    }

    private void multiplyPanel(int aAt, int inner, int depth, int cAt, int width) {
        for (int row = 0; row < c.rows(); row += BLOCK_HEIGHT) {
            int height = Math.min(BLOCK_HEIGHT, c.rows() - row);
            loadA(aAt, row, inner, height, depth);
            for (int i = 0; i < height; i++) {
                int at = cAt + (row + i) * c.leadingDimension();
                if (inner == 0) {
                    panels.loadScaledC(at, width);
                } else {
                    panels.loadC(at, width);
                }
                panels.accumulate(i * blocks.depth, depth, width);
                panels.storeC(at, width);
            }
        }
    }

    private void loadA(int aAt, int row, int inner, int height, int depth) {
        int lead = a.leadingDimension();
        if (a.isTransposed()) {
            for (int p = 0; p < depth; p++) {
                panels.loadA(aAt + (inner + p) * lead + row, p, height, blocks.depth);
            }
        } else {
            for (int i = 0; i < height; i++) {
                panels.loadA(aAt + (row + i) * lead + inner, i * blocks.depth, depth, 1);
            }
        }
    }
}
