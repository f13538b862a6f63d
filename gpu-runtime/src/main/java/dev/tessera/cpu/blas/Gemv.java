package dev.tessera.cpu.blas;

import dev.tessera.tensor.DType;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Products with one row or one column, as OpenBLAS multiplies a matrix by a vector. */
final class Gemv {
    private Gemv() {}

    /** The matrix, as it is stored, and the vectors, with the elements from one of theirs to the next. */
    private record Operands(MatrixView matrix, boolean isTransposed, Vector x, Vector y, boolean isMatrixFirst) {
        int trans() {
            return isTransposed ? openblas_nolapack.CblasTrans : openblas_nolapack.CblasNoTrans;
        }
    }

    private record Vector(MatrixView view, int increment) {
        static Vector ofColumn(MatrixView column) {
            return new Vector(column, column.isTransposed() ? 1 : column.leadingDimension());
        }

        static Vector ofRow(MatrixView row) {
            return new Vector(row, row.isTransposed() ? row.leadingDimension() : 1);
        }
    }

    /** Prepares {@code C = alpha*A*B + beta*C} for C of one row or one column, no operand being empty. */
    static ShiftedProduct of(DType dtype, Scaling scaling, MatrixView a, MatrixView b, MatrixView c) {
        // A single row is the transpose of B times a column.
        Operands operands = c.columns() == 1
                ? new Operands(a, a.isTransposed(), Vector.ofColumn(b), Vector.ofColumn(c), true)
                : new Operands(b, !b.isTransposed(), Vector.ofRow(a), Vector.ofRow(c), false);
        return dtype == DType.FLOAT32 ? new Singles(operands, scaling) : new Doubles(operands, scaling);
    }

    private static final class Singles implements ShiftedProduct {
        private final Operands operands;
        private final Scaling scaling;
        private final FloatPointer matrix;
        private final FloatPointer x;
        private final FloatPointer y;

        private Singles(Operands operands, Scaling scaling) {
            this.operands = operands;
            this.scaling = scaling;
            this.matrix = pointer(operands.matrix);
            this.x = pointer(operands.x.view);
            this.y = pointer(operands.y.view);
        }

        private static FloatPointer pointer(MatrixView view) {
            return new FloatPointer(PlainGemm.nativeOrder(view.buffer()).asFloatBuffer());
        }

        @Override
        public void multiply(long aShift, long bShift, long cShift) {
            MatrixView stored = operands.matrix;
            openblas_nolapack.cblas_sgemv(
                    openblas_nolapack.CblasRowMajor,
                    operands.trans(),
                    stored.storedRows(),
                    stored.storedColumns(),
                    (float) scaling.alpha(),
                    matrix.position(stored.offset() + (operands.isMatrixFirst ? aShift : bShift)),
                    stored.leadingDimension(),
                    x.position(operands.x.view.offset() + (operands.isMatrixFirst ? bShift : aShift)),
                    operands.x.increment,
                    (float) scaling.beta(),
                    y.position(operands.y.view.offset() + cShift),
                    operands.y.increment);
        }
    }

    private static final class Doubles implements ShiftedProduct {
        private final Operands operands;
        private final Scaling scaling;
        private final DoublePointer matrix;
        private final DoublePointer x;
        private final DoublePointer y;

        private Doubles(Operands operands, Scaling scaling) {
            this.operands = operands;
            this.scaling = scaling;
            this.matrix = pointer(operands.matrix);
            this.x = pointer(operands.x.view);
            this.y = pointer(operands.y.view);
        }

        private static DoublePointer pointer(MatrixView view) {
            return new DoublePointer(PlainGemm.nativeOrder(view.buffer()).asDoubleBuffer());
        }

        @Override
        public void multiply(long aShift, long bShift, long cShift) {
            MatrixView stored = operands.matrix;
            openblas_nolapack.cblas_dgemv(
                    openblas_nolapack.CblasRowMajor,
                    operands.trans(),
                    stored.storedRows(),
                    stored.storedColumns(),
                    scaling.alpha(),
                    matrix.position(stored.offset() + (operands.isMatrixFirst ? aShift : bShift)),
                    stored.leadingDimension(),
                    x.position(operands.x.view.offset() + (operands.isMatrixFirst ? bShift : aShift)),
                    operands.x.increment,
                    scaling.beta(),
                    y.position(operands.y.view.offset() + cShift),
                    operands.y.increment);
        }
    }
}
