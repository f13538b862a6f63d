package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.HeapBlock;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.plan.ReduceOp;
import dev.tessera.tensor.DType;
import java.util.Arrays;

/** Reduces the rows of a batch, element by element; floats in double. Integers wrap. */
final class RowReduction implements CpuStep {
    private static final int BLOCK = 256;

    private final ReduceOp op;
    private final StridedView source;
    private final StridedView accumulator;
    private final int elementCount;
    private final Object block;
    private final double[] reals;
    private final long[] integers;

    RowReduction(ReduceOp op, StridedView source, StridedView accumulator, DType dtype) {
        this.op = op;
        this.source = source;
        this.accumulator = accumulator;
        this.elementCount = Math.toIntExact(accumulator.elementCount());
        this.block = HeapBlock.of(dtype, BLOCK);
        this.reals = new double[dtype.isFloating() ? elementCount : 0];
        this.integers = new long[dtype.isFloating() ? 0 : elementCount];
    }

    @Override
    public void run(Frame frame) {
        begin();
        Elements from = frame.slot(source.slot());
        AxisNest nest = new AxisNest(2);
        for (int axis = 0; axis < source.rank(); axis++) {
            nest.add(source.dim(axis), source.stride(axis), accumulator.stride(axis));
        }
        int runAxes = Math.min(1, nest.rank());
        int last = nest.rank() - 1;
        long length = runAxes == 0 ? 1 : nest.dim(last);
        long stride = runAxes == 0 ? 1 : nest.stride(0, last);
        for (int row = 0; row < frame.rowCount(); row++) {
            long[] start = {source.offset() + row * from.rowStride(), 0};
            nest.forEach(runAxes, start, at -> take(from, at[0], stride, (int) at[1], (int) length));
        }
        store(frame.slot(accumulator.slot()));
    }

    private void begin() {
        switch (op) {
            case SUM, ANY -> fill(0, 0);
            case PROD, ALL -> fill(1, 1);
            case MAX -> fill(Double.NEGATIVE_INFINITY, Long.MIN_VALUE);
            case MIN -> fill(Double.POSITIVE_INFINITY, Long.MAX_VALUE);
            case MEAN, ARGMAX, ARGMIN, SUPREMUM -> throw new IllegalStateException("Rows are not reduced by " + op);
        }
    }

    private void fill(double real, long integer) {
        Arrays.fill(reals, real);
        Arrays.fill(integers, integer);
    }

    private void take(Elements from, long first, long stride, int at, int length) {
        for (int i = 0; i < length; i += BLOCK) {
            int count = Math.min(BLOCK, length - i);
            from.load(first + i * stride, stride, block, 0, count);
            if (block instanceof float[] floats) {
                for (int j = 0; j < count; j++) {
                    reals[at + i + j] = combine(reals[at + i + j], floats[j]);
                }
            } else if (block instanceof double[] doubles) {
                for (int j = 0; j < count; j++) {
                    reals[at + i + j] = combine(reals[at + i + j], doubles[j]);
                }
            } else {
                takeIntegers(at + i, count);
            }
        }
    }

    private void takeIntegers(int at, int count) {
        if (block instanceof int[] ints) {
            for (int j = 0; j < count; j++) {
                integers[at + j] = combine(integers[at + j], ints[j]);
            }
        } else if (block instanceof long[] longs) {
            for (int j = 0; j < count; j++) {
                integers[at + j] = combine(integers[at + j], longs[j]);
            }
        } else if (block instanceof byte[] bytes) {
            for (int j = 0; j < count; j++) {
                integers[at + j] = combine(integers[at + j], bytes[j]);
            }
        }
    }

    private double combine(double left, double right) {
        return switch (op) {
            case SUM -> left + right;
            case PROD -> left * right;
            case MAX -> Math.max(left, right);
            case MIN -> Math.min(left, right);
            case ANY, ALL, MEAN, ARGMAX, ARGMIN, SUPREMUM ->
                throw new IllegalStateException("Floats are not reduced by " + op);
        };
    }

    private long combine(long left, long right) {
        return switch (op) {
            case SUM -> left + right;
            case PROD -> left * right;
            case MAX -> Math.max(left, right);
            case MIN -> Math.min(left, right);
            case ANY -> left | right;
            case ALL -> left & right;
            case MEAN, ARGMAX, ARGMIN, SUPREMUM -> throw new IllegalStateException("Rows are not reduced by " + op);
        };
    }

    private void store(Elements to) {
        for (int i = 0; i < elementCount; i += BLOCK) {
            int count = Math.min(BLOCK, elementCount - i);
            for (int j = 0; j < count; j++) {
                if (block instanceof float[] floats) {
                    floats[j] = (float) reals[i + j];
                } else if (block instanceof double[] doubles) {
                    doubles[j] = reals[i + j];
                } else if (block instanceof int[] ints) {
                    ints[j] = (int) integers[i + j];
                } else if (block instanceof long[] longs) {
                    longs[j] = integers[i + j];
                } else if (block instanceof byte[] bytes) {
                    bytes[j] = (byte) integers[i + j];
                }
            }
            to.store(i, 1, block, 0, count);
        }
    }
}
