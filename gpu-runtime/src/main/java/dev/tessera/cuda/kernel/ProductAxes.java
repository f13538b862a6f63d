package dev.tessera.cuda.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The axes of a batch of products: leading axes folded into the rows or the columns of one product where strides allow,
 * one of the rest the axis of a strided batch, and the others left to loop over. Used once, by one thread.
 */
final class ProductAxes {
    /** An axis that is left, and the strides of a, b and out along it. */
    record Axis(long size, long a, long b, long out) {}

    private final List<Axis> leading = new ArrayList<>();
    private final long inner;
    private final long[] a;
    private final long[] b;
    private final long[] out;
    private long rows;
    private long columns;

    /** A product of rows x inner and inner x columns, with the row and column strides of each matrix. */
    ProductAxes(DeviceWork.ProductShape shape, long[] aStrides, long[] bStrides, long[] outStrides) {
        this.rows = shape.rows();
        this.columns = shape.columns();
        this.inner = shape.inner();
        this.a = aStrides.clone();
        this.b = bStrides.clone();
        this.out = outStrides.clone();
    }

    /** Takes the next axis outwards. */
    void take(Axis axis) {
        if (axis.size() != 1 && !foldIntoRows(axis) && !foldIntoColumns(axis)) {
            leading.add(axis);
        }
    }

    private boolean foldIntoRows(Axis axis) {
        boolean continues = rows == 1 || (axis.a() == a[0] * rows && axis.out() == out[0] * rows);
        if (axis.b() != 0 || !continues) {
            return false;
        }
        a[0] = rows == 1 ? axis.a() : a[0];
        out[0] = rows == 1 ? axis.out() : out[0];
        rows *= axis.size();
        return true;
    }

    private boolean foldIntoColumns(Axis axis) {
        boolean continues = columns == 1 || (axis.b() == b[1] * columns && axis.out() == out[1] * columns);
        if (axis.a() != 0 || !continues) {
            return false;
        }
        b[1] = columns == 1 ? axis.b() : b[1];
        out[1] = columns == 1 ? axis.out() : out[1];
        columns *= axis.size();
        return true;
    }

    DeviceWork.ProductShape shape() {
        return new DeviceWork.ProductShape(rows, columns, inner);
    }

    long[] a() {
        return a.clone();
    }

    long[] b() {
        return b.clone();
    }

    long[] out() {
        return out.clone();
    }

    /** The axes that are left, outermost first. */
    List<Axis> leading() {
        List<Axis> outermostFirst = new ArrayList<>(leading);
        Collections.reverse(outermostFirst);
        return outermostFirst;
    }
}
