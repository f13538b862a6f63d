package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.HeapBlock;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.tensor.DType;

/** The largest k elements along the last axis, in descending order; NaN is the largest, the first among equals first. */
final class TopK implements CpuStep {
    private final StridedView source;
    private final StridedView values;
    private final StridedView indices;
    private final DType dtype;
    private final int length;
    private final int k;
    private final Object elements;
    private final long[] keys;
    private final LargestKeys largest;
    private final Object chosen;

    TopK(StridedView source, StridedView values, StridedView indices, DType dtype) {
        int last = source.rank() - 1;
        this.source = source;
        this.values = values;
        this.indices = indices;
        this.dtype = dtype;
        this.length = Math.toIntExact(source.dim(last));
        this.k = Math.toIntExact(values.dim(last));
        this.elements = HeapBlock.of(dtype, length);
        this.keys = new long[length];
        this.largest = new LargestKeys(k);
        this.chosen = HeapBlock.of(dtype, k);
    }

    @Override
    public void run(Frame frame) {
        Elements from = frame.slot(source.slot());
        Elements toValues = frame.slot(values.slot());
        Elements toIndices = frame.slot(indices.slot());
        AxisNest nest = new AxisNest(3);
        nest.add(frame.rowCount(), from.rowStride(), toValues.rowStride(), toIndices.rowStride());
        int last = source.rank() - 1;
        for (int axis = 0; axis < last; axis++) {
            nest.add(source.dim(axis), source.stride(axis), values.stride(axis), indices.stride(axis));
        }
        nest.forEach(0, new long[] {source.offset(), values.offset(), indices.offset()}, at -> {
            from.load(at[0], source.stride(last), elements, 0, length);
            fillKeys();
            long[] positions = largest.positionsIn(keys);
            choose(positions);
            toValues.store(at[1], values.stride(last), chosen, 0, k);
            toIndices.store(at[2], indices.stride(last), positions, 0, k);
        });
    }

    /** Numbers in the order of the elements: equal for -0 and 0, the largest of all for NaN. */
    private void fillKeys() {
        switch (dtype) {
            case FLOAT32 -> {
                float[] floats = (float[]) elements;
                for (int i = 0; i < length; i++) {
                    keys[i] = keyOf(floats[i]);
                }
            }
            case FLOAT64 -> {
                double[] doubles = (double[]) elements;
                for (int i = 0; i < length; i++) {
                    keys[i] = keyOf(doubles[i]);
                }
            }
            case INT32 -> {
                int[] ints = (int[]) elements;
                for (int i = 0; i < length; i++) {
                    keys[i] = ints[i];
                }
            }
            case INT64 -> System.arraycopy((long[]) elements, 0, keys, 0, length);
            case BOOL -> {
                byte[] bytes = (byte[]) elements;
                for (int i = 0; i < length; i++) {
                    keys[i] = bytes[i];
                }
            }
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(dtype.toString());
        }
    }

    private static long keyOf(double value) {
        if (Double.isNaN(value)) {
            return Long.MAX_VALUE;
        }
        // Adding 0 makes -0 a 0. The bits of negative numbers are in descending order.
        long bits = Double.doubleToRawLongBits(value + 0.0);
        return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
    }

    private void choose(long[] positions) {
        for (int i = 0; i < k; i++) {
            System.arraycopy(elements, (int) positions[i], chosen, i, 1);
        }
    }
}
