package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.HeapBlock;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.tensor.DType;

/** Running sums along an axis; those of float32 are carried in double. Integers wrap. */
final class CumulativeSum implements CpuStep {
    private static final int BLOCK = 256;

    private final StridedView source;
    private final int axis;
    private final StridedView out;
    private final DType dtype;
    private final Object block;

    CumulativeSum(StridedView source, int axis, StridedView out, DType dtype) {
        this.source = source;
        this.axis = axis;
        this.out = out;
        this.dtype = dtype;
        this.block = HeapBlock.of(dtype, BLOCK);
    }

    @Override
    public void run(Frame frame) {
        Elements from = frame.slot(source.slot());
        Elements to = frame.slot(out.slot());
        AxisNest nest = new AxisNest(2);
        nest.add(frame.rowCount(), from.rowStride(), to.rowStride());
        for (int i = 0; i < out.rank(); i++) {
            if (i != axis) {
                nest.add(out.dim(i), source.stride(i), out.stride(i));
            }
        }
        nest.forEach(0, new long[] {source.offset(), out.offset()}, at -> sum(from, at[0], to, at[1]));
    }

    private void sum(Elements from, long fromAt, Elements to, long toAt) {
        long length = out.dim(axis);
        // Not 0: running sums of -0 are -0, as in NumPy.
        double carriedReal = -0.0;
        long carried = 0;
        for (long i = 0; i < length; i += BLOCK) {
            int count = (int) Math.min(BLOCK, length - i);
            from.load(fromAt + i * source.stride(axis), source.stride(axis), block, 0, count);
            if (dtype.isFloating()) {
                carriedReal = scanReals(carriedReal, count);
            } else {
                carried = scanIntegers(carried, count);
            }
            to.store(toAt + i * out.stride(axis), out.stride(axis), block, 0, count);
        }
    }

    private double scanReals(double carried, int count) {
        double sum = carried;
        if (block instanceof float[] floats) {
            for (int i = 0; i < count; i++) {
                sum += floats[i];
                floats[i] = (float) sum;
            }
        } else if (block instanceof double[] doubles) {
            for (int i = 0; i < count; i++) {
                sum += doubles[i];
                doubles[i] = sum;
            }
        }
        return sum;
    }

    private long scanIntegers(long carried, int count) {
        long sum = carried;
        if (block instanceof int[] ints) {
            for (int i = 0; i < count; i++) {
                sum += ints[i];
                ints[i] = (int) sum;
            }
        } else if (block instanceof long[] longs) {
            for (int i = 0; i < count; i++) {
                sum += longs[i];
                longs[i] = sum;
            }
        }
        return sum;
    }
}
