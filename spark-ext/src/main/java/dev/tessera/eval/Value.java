package dev.tessera.eval;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.Arrays;

/**
 * A tensor under evaluation: floats as doubles, integers and bools as longs, and for each element how far a backend's
 * value may be from it. Row-major. Filled by the op that makes it, then left alone.
 */
final class Value {
    final DType dtype;
    final long[] sizes;
    final double[] reals;
    final long[] integers;
    final double[] errors;

    Value(DType dtype, long... sizes) {
        int count = Math.toIntExact(elementCount(sizes));
        this.dtype = dtype;
        this.sizes = sizes.clone();
        this.reals = new double[dtype.isFloating() ? count : 0];
        this.integers = new long[dtype.isFloating() ? 0 : count];
        this.errors = new double[count];
    }

    static Value of(HostTensor tensor) {
        Value value = new Value(tensor.dtype(), tensor.sizes());
        for (int i = 0; i < value.count(); i++) {
            if (value.isReal()) {
                value.reals[i] = tensor.doubleAt(i);
            } else {
                value.integers[i] = tensor.longAt(i);
            }
        }
        return value;
    }

    HostTensor toHostTensor() {
        HostTensor tensor = HostTensor.zeros(dtype, sizes);
        for (int i = 0; i < count(); i++) {
            if (isReal()) {
                tensor.setDouble(i, reals[i]);
            } else {
                tensor.setLong(i, integers[i]);
            }
        }
        return tensor;
    }

    boolean isReal() {
        return dtype.isFloating();
    }

    int count() {
        return errors.length;
    }

    int rank() {
        return sizes.length;
    }

    /** The element as a double, whatever the dtype. */
    double number(int i) {
        return isReal() ? reals[i] : integers[i];
    }

    /** How far the element may be from what a backend has, but for the sign of a zero: what comparisons care for. */
    double uncertainty(int i) {
        return isReal() && ErrorPropagation.isCertain(reals[i], errors[i]) ? 0 : errors[i];
    }

    void set(int i, double real, long integer, double error) {
        if (isReal()) {
            reals[i] = real;
        } else {
            integers[i] = integer;
        }
        errors[i] = error;
    }

    void copy(int to, Value source, int from) {
        set(
                to,
                source.isReal() ? source.reals[from] : 0,
                source.isReal() ? 0 : source.integers[from],
                source.errors[from]);
    }

    /** The same elements under other sizes. */
    Value withSizes(long... newSizes) {
        Value value = new Value(dtype, newSizes);
        if (value.count() != count()) {
            throw new IllegalStateException(
                    "Cannot view %s as %s".formatted(Arrays.toString(sizes), Arrays.toString(newSizes)));
        }
        for (int i = 0; i < count(); i++) {
            value.copy(i, this, i);
        }
        return value;
    }

    /** The row-major strides. */
    long[] strides() {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int axis = sizes.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return strides;
    }

    static long elementCount(long[] sizes) {
        long count = 1;
        for (long size : sizes) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }
}
