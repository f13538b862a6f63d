package dev.tessera.plan;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes and reads tensors: dtype, sizes, little-endian bytes. */
public final class TensorSerializer {
    private static final int CHUNK_BYTES = 1 << 16;
    /** What the storage of a tensor is aligned to, from the start of an array. */
    private static final int ALIGNMENT = 4;

    private TensorSerializer() {}

    /** Writes a tensor, whatever its storage. */
    public static void write(Output output, HostTensor tensor) {
        output.writeInt(tensor.dtype().wireCode());
        output.writeInt(tensor.rank());
        for (int axis = 0; axis < tensor.rank(); axis++) {
            output.writeLong(tensor.size(axis));
        }
        byte[] copy = new byte[(int) Math.min(CHUNK_BYTES, tensor.sizeInBytes())];
        tensor.forEachLittleEndianChunk(chunk -> write(output, chunk, copy));
    }

    private static void write(Output output, ByteBuffer chunk, byte[] copy) {
        while (chunk.hasRemaining()) {
            int length = Math.min(copy.length, chunk.remaining());
            chunk.get(copy, 0, length);
            output.writeBytes(copy, 0, length);
        }
    }

    /**
     * Reads a tensor onto the heap.
     *
     * @throws PlanFormatException if there is none, before anything is allocated for it
     */
    public static HostTensor read(WireInput input) {
        return read(input, false);
    }

    /**
     * Reads a tensor that stays in the bytes it is read from, if those are aligned and in native order; they must not
     * change from then on.
     *
     * @throws PlanFormatException if there is none, before anything is allocated for it
     */
    public static HostTensor readInPlace(WireInput input) {
        return read(input, ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    private static HostTensor read(WireInput input, boolean mayStay) {
        DType dtype = input.readCode(DType::ofWireCode);
        long[] sizes = new long[input.readCount("axes of a tensor", Long.BYTES, Operand.MAX_RANK)];
        for (int axis = 0; axis < sizes.length; axis++) {
            sizes[axis] = input.readLong();
        }
        int length = input.readableLength(sizeInBytes(input, dtype, sizes), "bytes of a tensor");
        ByteBuffer inPlace = input.skipped(length);
        if (dtype == DType.BOOL) {
            requireBools(input, inPlace);
        }
        boolean isAligned = inPlace.arrayOffset() % Math.min(ALIGNMENT, dtype.widthInBytes()) == 0;
        if (mayStay && isAligned) {
            return HostTensor.contiguous(dtype, sizes, inPlace);
        }
        input.charge(length);
        byte[] bytes = new byte[length];
        inPlace.get(0, bytes);
        return HostTensor.ownLittleEndian(dtype, sizes, bytes);
    }

    private static long sizeInBytes(WireInput input, DType dtype, long[] sizes) {
        try {
            return HostTensor.sizeInBytes(dtype, sizes);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw input.failure(PlanCheck.SHAPE, "no tensor has sizes " + Arrays.toString(sizes), e);
        }
    }

    private static void requireBools(WireInput input, ByteBuffer bytes) {
        for (int i = 0; i < bytes.capacity(); i++) {
            byte value = bytes.get(i);
            if (value != 0 && value != 1) {
                throw input.failure(PlanCheck.CODE, "a bool is 0 or 1, not " + value);
            }
        }
    }
}
