package dev.tessera.cpu.math;

/**
 * {@link SmallProducts} in plain Java: tiles of 2 x 4 sums in registers, because loops as short as these rows are not
 * worth vectorising. Stateless.
 */
public final class PlainSmallProducts implements SmallProducts {
    public static final PlainSmallProducts INSTANCE = new PlainSmallProducts();

    private PlainSmallProducts() {}

    @Override
    public boolean outrunsLibrary(Shape shape) {
        return shape.work() <= OWN_WORK;
    }

    @Override
    public void multiply(Shape shape, int count, float[] a, float[] b, float[] c) {
        int width = shape.columns();
        for (int i = 0; i < count; i++) {
            int aAt = i * shape.elementsOfA();
            int bAt = i * shape.elementsOfB();
            int cAt = i * shape.elementsOfC();
            int row = 0;
            for (; row + 2 <= shape.rows(); row += 2) {
                int column = 0;
                for (; column + 4 <= width; column += 4) {
                    multiplyTile(shape, a, aAt + row * shape.inner(), b, bAt + column, c, cAt + row * width + column);
                }
                if (column < width) {
                    multiplyRow(shape, column, a, aAt + row * shape.inner(), b, bAt, c, cAt + row * width);
                    multiplyRow(shape, column, a, aAt + (row + 1) * shape.inner(), b, bAt, c, cAt + (row + 1) * width);
                }
            }
            if (row < shape.rows()) {
                multiplyRow(shape, 0, a, aAt + row * shape.inner(), b, bAt, c, cAt + row * width);
            }
        }
    }

    private static void multiplyTile(Shape shape, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        int inner = shape.inner();
        int width = shape.columns();
        float s00 = 0;
        float s01 = 0;
        float s02 = 0;
        float s03 = 0;
        float s10 = 0;
        float s11 = 0;
        float s12 = 0;
        float s13 = 0;
        for (int p = 0, at = bAt; p < inner; p++, at += width) {
            float a0 = a[aAt + p];
            float a1 = a[aAt + inner + p];
            s00 += a0 * b[at];
            s01 += a0 * b[at + 1];
            s02 += a0 * b[at + 2];
            s03 += a0 * b[at + 3];
            s10 += a1 * b[at];
            s11 += a1 * b[at + 1];
            s12 += a1 * b[at + 2];
            s13 += a1 * b[at + 3];
        }
        c[cAt] = s00;
        c[cAt + 1] = s01;
        c[cAt + 2] = s02;
        c[cAt + 3] = s03;
        c[cAt + width] = s10;
        c[cAt + width + 1] = s11;
        c[cAt + width + 2] = s12;
        c[cAt + width + 3] = s13;
    }

    /** One row of C, from a column on. */
    private static void multiplyRow(Shape shape, int from, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt) {
        int width = shape.columns();
        for (int column = from; column < width; column++) {
            float sum = 0;
            for (int p = 0, at = bAt + column; p < shape.inner(); p++, at += width) {
                sum += a[aAt + p] * b[at];
            }
            c[cAt + column] = sum;
        }
    }

    @Override
    public void multiply(Shape shape, int count, double[] a, double[] b, double[] c) {
        int width = shape.columns();
        for (int i = 0; i < count; i++) {
            int aAt = i * shape.elementsOfA();
            int bAt = i * shape.elementsOfB();
            int cAt = i * shape.elementsOfC();
            int row = 0;
            for (; row + 2 <= shape.rows(); row += 2) {
                int column = 0;
                for (; column + 4 <= width; column += 4) {
                    multiplyTile(shape, a, aAt + row * shape.inner(), b, bAt + column, c, cAt + row * width + column);
                }
                if (column < width) {
                    multiplyRow(shape, column, a, aAt + row * shape.inner(), b, bAt, c, cAt + row * width);
                    multiplyRow(shape, column, a, aAt + (row + 1) * shape.inner(), b, bAt, c, cAt + (row + 1) * width);
                }
            }
            if (row < shape.rows()) {
                multiplyRow(shape, 0, a, aAt + row * shape.inner(), b, bAt, c, cAt + row * width);
            }
        }
    }

    private static void multiplyTile(Shape shape, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        int inner = shape.inner();
        int width = shape.columns();
        double s00 = 0;
        double s01 = 0;
        double s02 = 0;
        double s03 = 0;
        double s10 = 0;
        double s11 = 0;
        double s12 = 0;
        double s13 = 0;
        for (int p = 0, at = bAt; p < inner; p++, at += width) {
            double a0 = a[aAt + p];
            double a1 = a[aAt + inner + p];
            s00 += a0 * b[at];
            s01 += a0 * b[at + 1];
            s02 += a0 * b[at + 2];
            s03 += a0 * b[at + 3];
            s10 += a1 * b[at];
            s11 += a1 * b[at + 1];
            s12 += a1 * b[at + 2];
            s13 += a1 * b[at + 3];
        }
        c[cAt] = s00;
        c[cAt + 1] = s01;
        c[cAt + 2] = s02;
        c[cAt + 3] = s03;
        c[cAt + width] = s10;
        c[cAt + width + 1] = s11;
        c[cAt + width + 2] = s12;
        c[cAt + width + 3] = s13;
    }

    /** One row of C, from a column on. */
    private static void multiplyRow(
            Shape shape, int from, double[] a, int aAt, double[] b, int bAt, double[] c, int cAt) {
        int width = shape.columns();
        for (int column = from; column < width; column++) {
            double sum = 0;
            for (int p = 0, at = bAt + column; p < shape.inner(); p++, at += width) {
                sum += a[aAt + p] * b[at];
            }
            c[cAt + column] = sum;
        }
    }
}
