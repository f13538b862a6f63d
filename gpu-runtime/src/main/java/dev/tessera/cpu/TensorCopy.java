package dev.tessera.cpu;

import dev.tessera.cpu.memory.Elements;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;

/** Contiguous copies of tensors. */
final class TensorCopy {
    private TensorCopy() {}

    /** Copies all bytes of {@code tensor}, row-major, to the start of {@code target}. */
    static void copy(HostTensor tensor, ByteBuffer target) {
        long bytes = tensor.sizeInBytes();
        if (bytes == 0) {
            return;
        }
        long pieces = tensor.isContiguous() ? 1 : tensor.size(0);
        int length = (int) (bytes / pieces);
        for (long piece = 0; piece < pieces; piece++) {
            int from = (int) (tensor.offsetInBytes() + piece * tensor.leadingStrideInBytes());
            target.put((int) (piece * length), tensor.storage(), from, length);
        }
    }

    /** A contiguous copy of a batch's tensor [rows, ...] in {@code target}. */
    static Elements ofRows(HostTensor tensor, ByteBuffer target) {
        copy(tensor, target);
        long rows = tensor.size(0);
        return Elements.of(tensor.dtype(), target, rows == 0 ? 0 : tensor.elementCount() / rows);
    }
}
