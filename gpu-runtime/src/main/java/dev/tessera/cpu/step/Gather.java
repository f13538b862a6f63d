package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.Run;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.tensor.DType;

/** Takes slices of a source by index. A row with an index out of range goes bad, and has zeros in the slice's place. */
final class Gather implements CpuStep {
    private final StridedView source;
    private final StridedView indices;
    private final int axis;
    private final StridedView out;

    Gather(StridedView source, StridedView indices, int axis, StridedView out) {
        this.source = source;
        this.indices = indices;
        this.axis = axis;
        this.out = out;
    }

    @Override
    public void run(Frame frame) {
        Elements from = frame.slot(source.slot());
        Elements index = frame.slot(indices.slot());
        Elements to = frame.slot(out.slot());
        Slice slice = new Slice(source, axis, out, indices.rank());
        AxisNest positions = new AxisNest(2);
        for (int i = 0; i < indices.rank(); i++) {
            positions.add(indices.dim(i), indices.stride(i), out.stride(axis + i));
        }
        if (slice.isEmpty() || positions.isEmpty()) {
            return;
        }
        for (int row = 0; row < frame.rowCount(); row++) {
            int current = row;
            long sourceAt = source.offset() + row * from.rowStride();
            long[] start = {indices.offset() + row * index.rowStride(), out.offset() + row * to.rowStride()};
            positions.forEach(0, start, at -> {
                long position = positionOf(index, at[0], frame, current);
                if (position < 0) {
                    slice.clear(to, at[1]);
                } else {
                    slice.copy(from, sourceAt + position * source.stride(axis), to, at[1]);
                }
            });
        }
    }

    /** The position that the index at {@code at} means, or -1 if it is out of range, which marks the row. */
    private long positionOf(Elements index, long at, Frame frame, int row) {
        long size = source.dim(axis);
        long given = index.dtype() == DType.INT32
                ? index.ints().get((int) at)
                : index.longs().get((int) at);
        if (given >= size || given < -size) {
            frame.markBad(row, "index %d is out of range for an axis of size %d".formatted(given, size));
            return -1;
        }
        return given < 0 ? given + size : given;
    }

    /** One index of the axis: the source's other axes, and the same of the output. */
    private static final class Slice {
        private final AxisNest nest;
        private final int runAxes;
        private final long length;
        private final long fromStride;
        private final long toStride;
        private final long[] offsets = new long[2];

        Slice(StridedView source, int axis, StridedView out, int indexRank) {
            nest = new AxisNest(2);
            for (int i = 0; i < source.rank(); i++) {
                if (i != axis) {
                    int outAxis = i < axis ? i : i - 1 + indexRank;
                    nest.add(source.dim(i), source.stride(i), out.stride(outAxis));
                }
            }
            runAxes = Math.min(1, nest.rank());
            int last = nest.rank() - 1;
            length = runAxes == 0 ? 1 : nest.dim(last);
            fromStride = runAxes == 0 ? 1 : nest.stride(0, last);
            toStride = runAxes == 0 ? 1 : nest.stride(1, last);
        }

        boolean isEmpty() {
            return nest.isEmpty();
        }

        void copy(Elements from, long fromAt, Elements to, long toAt) {
            if (nest.rank() == runAxes) {
                new Run(to, toAt, toStride).copyFrom(new Run(from, fromAt, fromStride), length);
                return;
            }
            offsets[0] = fromAt;
            offsets[1] = toAt;
            nest.forEach(
                    runAxes,
                    offsets,
                    at -> new Run(to, at[1], toStride).copyFrom(new Run(from, at[0], fromStride), length));
        }

        void clear(Elements to, long toAt) {
            offsets[0] = 0;
            offsets[1] = toAt;
            nest.forEach(runAxes, offsets, at -> new Run(to, at[1], toStride).clear(length));
        }
    }
}
