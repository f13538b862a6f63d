package dev.tessera.cuda;

import dev.tessera.cuda.kernel.BoundBatch;
import dev.tessera.runtime.TaskSpec;
import dev.tessera.tensor.DimBinding;
import dev.tessera.tensor.HostTensor;
import java.util.Collection;

/** How many rows fit: on the device, with what stays there, and in page-locked memory, with the batch being gathered. */
final class BatchRoom {
    private BatchRoom() {}

    /** The rows of a batch of which a task may have {@code lanes} in flight, beside the tasks that are open; at least 1. */
    static int maxRows(CudaDevice device, TaskSpec spec, DimBinding dims, int lanes) {
        BoundBatch one = BoundBatch.ofRows(spec.plan(), dims, 1);
        BoundBatch two = BoundBatch.ofRows(spec.plan(), dims, 2);
        long status = one.checks().isEmpty() ? 0 : RowStatus.BYTES_PER_ROW;
        long onDevice = slotBytes(two) - slotBytes(one) + status;
        long inputs = spec.plan().rowInputs().stream()
                .mapToLong(input -> one.slotBytes().get(input.slot()))
                .sum();
        long outputs = one.outputs().stream()
                .filter(output -> !output.isShared())
                .mapToLong(BoundBatch.Output::rowBytes)
                .sum();
        long resident =
                bytes(spec.constants().values()) + bytes(spec.parameters().values());
        int tasks = Math.max(1, device.openTasks());
        long ofDevice = rows(device.gate().capacity() - resident, onDevice, (long) lanes * tasks);
        long ofHost = rows(device.pinned().cap(), inputs + outputs + status, (lanes + 1L) * tasks);
        return (int) Math.max(1, Math.min(ofDevice, ofHost));
    }

    private static long slotBytes(BoundBatch bound) {
        return bound.slotBytes().stream().mapToLong(Long::longValue).sum();
    }

    private static long bytes(Collection<HostTensor> tensors) {
        return tensors.stream().mapToLong(HostTensor::sizeInBytes).sum();
    }

    private static long rows(long bytes, long bytesPerRow, long shares) {
        return bytesPerRow == 0 ? Integer.MAX_VALUE : Math.min(Integer.MAX_VALUE, bytes / shares / bytesPerRow);
    }
}
