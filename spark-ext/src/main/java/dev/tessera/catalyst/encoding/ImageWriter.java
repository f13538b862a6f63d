package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.expressions.codegen.UnsafeRowWriter;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/** Writes the rows of a batch in place: what is the same in every row from an image, then the elements, run by run. */
final class ImageWriter implements ColumnWriter {
    private final HostTensor batch;
    private final HostMemory memory;
    private final RowImage image;
    private final @Nullable BlockConversion widening;
    private final int runLengthInBatch;
    private final Function<byte[], Object> catalystValue;

    /**
     * A writer of {@code batch}, whose elements become float64 if {@code written} says so; {@code catalystValue} makes a
     * value of the bytes of an image, which it owns.
     */
    ImageWriter(HostTensor batch, DType written, RowImage image, Function<byte[], Object> catalystValue) {
        this.batch = batch;
        this.memory = HostMemory.of(batch.storage());
        this.image = image;
        this.widening = batch.dtype() == written ? null : new BlockConversion(batch.dtype(), written);
        this.runLengthInBatch = image.runLengthInBytes()
                / written.widthInBytes()
                * batch.dtype().widthInBytes();
        this.catalystValue = catalystValue;
    }

    /** The sizes of one row of a batch. */
    static long[] rowSizes(HostTensor batch) {
        long[] sizes = batch.sizes();
        return Arrays.copyOfRange(sizes, 1, sizes.length);
    }

    @Override
    public void write(int row, UnsafeRowWriter target, int ordinal) {
        int padded = image.paddedSizeInBytes();
        target.grow(padded);
        int start = target.cursor();
        fill(row, target.getBuffer(), start);
        target.increaseCursor(image.sizeInBytes());
        target.setOffsetAndSizeFromPreviousCursor(ordinal, start);
        target.increaseCursor(padded - image.sizeInBytes());
    }

    @Override
    public Object value(int row) {
        byte[] bytes = new byte[image.paddedSizeInBytes()];
        fill(row, bytes, Platform.BYTE_ARRAY_OFFSET);
        return catalystValue.apply(bytes);
    }

    private void fill(int row, byte[] target, long at) {
        image.writeTo(target, at);
        int from = (int) (batch.offsetInBytes() + row * batch.leadingStrideInBytes());
        for (int run = 0; run < image.runCount(); run++) {
            long to = at + image.runStart(run);
            if (widening != null) {
                widen(widening, from, target, to);
            } else {
                memory.copyTo(from, target, to, runLengthInBatch);
            }
            from += runLengthInBatch;
        }
    }

    private void widen(BlockConversion conversion, int from, byte[] target, long at) {
        int width = batch.dtype().widthInBytes();
        int count = runLengthInBatch / width;
        for (int done = 0; done < count; done += BlockConversion.CAPACITY) {
            int length = Math.min(BlockConversion.CAPACITY, count - done);
            int sourceOffset = BlockConversion.arrayOffset(batch.dtype());
            memory.copyTo(from + done * width, conversion.source(), sourceOffset, length * width);
            conversion.convert(length);
            long to = at + (long) Double.BYTES * done;
            long lengthInBytes = (long) Double.BYTES * length;
            Platform.copyMemory(conversion.result(), Platform.DOUBLE_ARRAY_OFFSET, target, to, lengthInBytes);
        }
    }
}
