package dev.tessera.cpu.step;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.Run;
import dev.tessera.cpu.memory.StridedView;

/** Copies a view to another of the same dims, in runs as long as both allow. */
record ViewCopy(StridedView source, StridedView out) implements CpuStep {
    @Override
    public void run(Frame frame) {
        Elements from = frame.slot(source.slot());
        Elements to = frame.slot(out.slot());
        AxisNest nest = new AxisNest(2);
        // Where both are row-invariant, one copy serves all rows.
        nest.add(
                to.rowStride() == 0 ? Math.min(1, frame.rowCount()) : frame.rowCount(),
                from.rowStride(),
                to.rowStride());
        for (int axis = 0; axis < out.rank(); axis++) {
            nest.add(out.dim(axis), source.stride(axis), out.stride(axis));
        }
        int runAxes = Math.min(1, nest.rank());
        int last = nest.rank() - 1;
        long length = runAxes == 0 ? 1 : nest.dim(last);
        long fromStride = runAxes == 0 ? 1 : nest.stride(0, last);
        long toStride = runAxes == 0 ? 1 : nest.stride(1, last);
        nest.forEach(
                runAxes,
                new long[] {source.offset(), out.offset()},
                at -> new Run(to, at[1], toStride).copyFrom(new Run(from, at[0], fromStride), length));
    }
}
