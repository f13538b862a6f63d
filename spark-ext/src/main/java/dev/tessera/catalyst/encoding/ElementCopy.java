package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;
import org.jspecify.annotations.Nullable;

/**
 * Copies runs of values, as Spark holds them, one after the other into a batch: the bytes as they are where they are the
 * batch's, else converted block by block. Used by one thread.
 */
final class ElementCopy {
    private final PrimitiveColumn element;
    private final DType stored;
    private final DType dtype;
    private final @Nullable BlockConversion conversion;
    private @Nullable HostMemory target;
    private int position;
    private int blockCount;

    private ElementCopy(PrimitiveColumn element, DType stored, DType dtype, boolean isBulk) {
        this.element = element;
        this.stored = stored;
        this.dtype = dtype;
        this.conversion = isBulk ? null : new BlockConversion(stored, dtype);
    }

    /** Of the elements of arrays. */
    static ElementCopy ofArray(PrimitiveColumn element, DType dtype) {
        return new ElementCopy(element, element.stored(), dtype, element.stored() == dtype);
    }

    /** Of bytes in native order that anyone may have written: any bool but 0 is true. */
    static ElementCopy ofBinary(DType stored, DType dtype) {
        return new ElementCopy(PrimitiveColumn.BYTE, stored, dtype, stored == dtype && dtype != DType.BOOL);
    }

    /** Copies the first {@code count} elements of an array without nulls to a position. */
    void copy(ArrayData values, int count, HostMemory target, int position) {
        if (values instanceof UnsafeArrayData unsafe) {
            long offset = unsafe.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(count);
            copy(unsafe.getBaseObject(), offset, count, target, position);
            return;
        }
        int width = dtype.widthInBytes();
        for (int i = 0; i < count; i++) {
            Elements.copyOne(values, i, element, dtype, target.bytes(), position + i * width);
        }
    }

    /** Copies {@code count} values that Platform finds at an address to a position. */
    void copy(@Nullable Object base, long offset, int count, HostMemory target, int position) {
        start(target, position);
        add(base, offset, count);
        finish();
    }

    /** Lets the runs that are added go to a position and on. */
    void start(HostMemory target, int position) {
        this.target = target;
        this.position = position;
        this.blockCount = 0;
    }

    /** Adds a run of {@code count} values that Platform finds at an address. */
    void add(@Nullable Object base, long offset, int count) {
        int width = stored.widthInBytes();
        if (conversion == null) {
            started().copyFrom(base, offset, position, count * width);
            position += count * width;
            return;
        }
        int sourceOffset = BlockConversion.arrayOffset(stored);
        int done = 0;
        while (done < count) {
            int length = Math.min(count - done, BlockConversion.CAPACITY - blockCount);
            long to = sourceOffset + (long) blockCount * width;
            Platform.copyMemory(base, offset + (long) done * width, conversion.source(), to, (long) length * width);
            done += length;
            blockCount += length;
            if (blockCount == BlockConversion.CAPACITY) {
                convert(conversion);
            }
        }
    }

    /** Writes what of the runs is not yet in the target. */
    void finish() {
        if (conversion != null && blockCount > 0) {
            convert(conversion);
        }
        target = null;
    }

    private void convert(BlockConversion block) {
        block.convert(blockCount);
        int length = blockCount * dtype.widthInBytes();
        started().copyFrom(block.result(), BlockConversion.arrayOffset(dtype), position, length);
        position += length;
        blockCount = 0;
    }

    private HostMemory started() {
        HostMemory current = target;
        if (current == null) {
            throw new IllegalStateException("A run is added to a copy that was not started");
        }
        return current;
    }
}
