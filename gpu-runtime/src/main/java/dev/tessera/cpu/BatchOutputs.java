package dev.tessera.cpu;

import dev.tessera.cpu.memory.AxisNest;
import dev.tessera.cpu.memory.Elements;
import dev.tessera.cpu.memory.Run;
import dev.tessera.cpu.memory.StridedView;
import dev.tessera.cpu.step.Frame;
import dev.tessera.plan.ExecutionPlan;
import dev.tessera.runtime.BatchResult;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The outputs of a run as tensors, in place. */
final class BatchOutputs {
    private BatchOutputs() {}

    static BatchResult of(List<ExecutionPlan.PlanOutput> outputs, List<StridedView> views, Frame frame) {
        List<HostTensor> tensors = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            tensors.add(tensor(views.get(i), frame));
        }
        List<BatchResult.BadRow> badRows = new ArrayList<>();
        frame.badRows().forEach((row, reason) -> badRows.add(new BatchResult.BadRow(row, reason)));
        return new BatchResult(tensors, badRows);
    }

    private static HostTensor tensor(StridedView view, Frame frame) {
        Elements elements = frame.slot(view.slot());
        int width = elements.dtype().widthInBytes();
        long[] sizes = new long[view.rank() + 1];
        sizes[0] = frame.rowCount();
        System.arraycopy(view.dims(), 0, sizes, 1, view.rank());
        if (!view.isContiguous()) {
            return new HostTensor(elements.dtype(), sizes, gathered(view, elements), 0, 0);
        }
        boolean isEmpty = frame.rowCount() == 0 || view.elementCount() == 0;
        int offset = isEmpty ? 0 : Math.toIntExact(view.offset() * width);
        return new HostTensor(elements.dtype(), sizes, elements.bytes(), offset, elements.rowStride() * width);
    }

    /** A contiguous copy of what rows were reduced to, which the steps could not make before they ended. */
    private static ByteBuffer gathered(StridedView view, Elements elements) {
        HostTensor copy = HostTensor.zeros(elements.dtype(), view.dims());
        Elements to = Elements.ofInvariant(copy);
        StridedView dense = StridedView.contiguous(0, view.dims());
        AxisNest nest = new AxisNest(2);
        for (int axis = 0; axis < view.rank(); axis++) {
            nest.add(view.dim(axis), view.stride(axis), dense.stride(axis));
        }
        nest.forEach(
                0, new long[] {view.offset(), 0}, at -> new Run(to, at[1], 1).copyFrom(new Run(elements, at[0], 1), 1));
        return copy.storage();
    }

    /** The bytes of all rows of outputs that vary by row, and of one row of others. */
    static long sizeInBytes(BatchResult result) {
        long bytes = 0;
        for (HostTensor output : result.outputs()) {
            boolean isShared = output.leadingStrideInBytes() == 0 && output.size(0) > 0;
            bytes += isShared ? output.sizeInBytes() / output.size(0) : output.sizeInBytes();
        }
        return bytes;
    }
}
