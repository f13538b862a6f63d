package dev.tessera.runtime;

import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Batches in parts: some rows of one, and results of neighbours as one. */
final class BatchParts {
    private BatchParts() {}

    /** The rows from {@code first} on, in place. */
    static Batch rows(Batch batch, int first, int count) {
        List<HostTensor> inputs = new ArrayList<>();
        for (HostTensor input : batch.inputs()) {
            inputs.add(input.rows(first, count));
        }
        return new Batch(count, batch.dims(), inputs);
    }

    /** A result in memory of its own, as the memory of {@code result} is gone with its batch. */
    static BatchResult copy(BatchResult result) {
        return joined(List.of(result));
    }

    /** The results of neighbouring parts of a batch, of which there is at least one, as that of the whole. */
    static BatchResult joined(List<BatchResult> parts) {
        List<HostTensor> outputs = new ArrayList<>();
        for (int output = 0; output < parts.get(0).outputs().size(); output++) {
            List<HostTensor> pieces = new ArrayList<>();
            for (BatchResult part : parts) {
                pieces.add(part.outputs().get(output));
            }
            outputs.add(joinedRows(pieces));
        }
        List<BatchResult.BadRow> badRows = new ArrayList<>();
        int first = 0;
        for (BatchResult part : parts) {
            for (BatchResult.BadRow row : part.badRows()) {
                badRows.add(new BatchResult.BadRow(first + row.row(), row.reason()));
            }
            first += part.outputs().isEmpty()
                    ? 0
                    : Math.toIntExact(part.outputs().get(0).size(0));
        }
        return new BatchResult(outputs, badRows);
    }

    private static HostTensor joinedRows(List<HostTensor> pieces) {
        HostTensor first = pieces.get(0);
        long[] sizes = first.sizes();
        sizes[0] = pieces.stream().mapToLong(piece -> piece.size(0)).sum();
        boolean isShared = first.leadingStrideInBytes() == 0 && first.size(0) > 0;
        long[] kept = sizes.clone();
        kept[0] = isShared ? 1 : sizes[0];
        int length = Math.toIntExact(HostTensor.sizeInBytes(first.dtype(), kept));
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        int at = 0;
        for (HostTensor piece : pieces) {
            for (long row = 0; row < piece.size(0) && at < length; row++) {
                HostTensor values = piece.row(row);
                int size = Math.toIntExact(values.sizeInBytes());
                bytes.put(at, values.storage(), values.offsetInBytes(), size);
                at += size;
            }
        }
        long rowBytes = sizes[0] == 0 ? 0 : length / kept[0];
        return new HostTensor(first.dtype(), sizes, bytes, 0, isShared ? 0 : rowBytes);
    }
}
