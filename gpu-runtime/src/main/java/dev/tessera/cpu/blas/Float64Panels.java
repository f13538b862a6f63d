package dev.tessera.cpu.blas;

import java.nio.DoubleBuffer;
import java.util.Arrays;

/** The panels of float64. */
final class Float64Panels implements Panels {
    private final DoubleBuffer aElements;
    private final DoubleBuffer bElements;
    private final DoubleBuffer cElements;
    private final double[] aPanel;
    private final double[] bPanel;
    private final double[] cRow;
    private final double[] run;
    private final int width;
    private final double alpha;
    private final double beta;

    Float64Panels(Scaling scaling, PlainGemm.Operands operands, PlainGemm.Blocks blocks) {
        this.aElements = operands.a().asDoubleBuffer();
        this.bElements = operands.b().asDoubleBuffer();
        this.cElements = operands.c().asDoubleBuffer();
        this.aPanel = new double[blocks.height() * blocks.depth()];
        this.bPanel = new double[blocks.depth() * blocks.width()];
        this.cRow = new double[blocks.width()];
        this.run = new double[Math.max(blocks.height(), blocks.depth())];
        this.width = blocks.width();
        this.alpha = scaling.alpha();
        this.beta = scaling.beta();
    }

    @Override
    public void loadA(int from, int to, int count, int step) {
        load(aElements, from, aPanel, to, count, step);
        if (alpha != 1) {
            for (int i = 0, at = to; i < count; i++, at += step) {
                aPanel[at] *= alpha;
            }
        }
    }

    @Override
    public void loadB(int from, int to, int count, int step) {
        load(bElements, from, bPanel, to, count, step);
    }

    private void load(DoubleBuffer source, int from, double[] panel, int to, int count, int step) {
        if (step == 1) {
            source.get(from, panel, to, count);
            return;
        }
        source.get(from, run, 0, count);
        for (int i = 0, at = to; i < count; i++, at += step) {
            panel[at] = run[i];
        }
    }

    @Override
    public void loadC(int from, int count) {
        cElements.get(from, cRow, 0, count);
    }

    @Override
    public void loadScaledC(int from, int count) {
        if (beta == 0) {
            Arrays.fill(cRow, 0, count, 0);
            return;
        }
        loadC(from, count);
        if (beta != 1) {
            for (int j = 0; j < count; j++) {
                cRow[j] *= beta;
            }
        }
    }

    @Override
    public void accumulate(int aAt, int depth, int width) {
        int p = 0;
        for (; p + 4 <= depth; p += 4) {
            accumulateFour(aAt + p, p * this.width, width);
        }
        for (; p < depth; p++) {
            double factor = aPanel[aAt + p];
            int at = p * this.width;
            for (int j = 0; j < width; j++) {
                cRow[j] += factor * bPanel[at + j];
            }
        }
    }

    /** Four rows at once, because the row of C is then loaded and stored a quarter as often. */
    private void accumulateFour(int aAt, int bAt, int count) {
        double[] row = cRow;
        double[] b = bPanel;
        double a0 = aPanel[aAt];
        double a1 = aPanel[aAt + 1];
        double a2 = aPanel[aAt + 2];
        double a3 = aPanel[aAt + 3];
        int b1 = bAt + width;
        int b2 = b1 + width;
        int b3 = b2 + width;
        for (int j = 0; j < count; j++) {
            row[j] += (a0 * b[bAt + j] + a1 * b[b1 + j]) + (a2 * b[b2 + j] + a3 * b[b3 + j]);
        }
    }

    @Override
    public void storeC(int to, int count) {
        cElements.put(to, cRow, 0, count);
    }
}
