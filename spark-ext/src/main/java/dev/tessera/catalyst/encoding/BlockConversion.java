package dev.tessera.catalyst.encoding;

import dev.tessera.tensor.DType;
import org.apache.spark.unsafe.Platform;

/**
 * Converts up to {@value #CAPACITY} values of one dtype into another, from one array into another: the values are copied
 * in and out in bulk, so that the loop between is over arrays alone. Used by one thread.
 */
final class BlockConversion {
    /** The most values of a block: what a block takes stays in the first-level cache. */
    static final int CAPACITY = 1024;

    private final DType from;
    private final DType unpacked;
    private final DType to;
    private final byte[] bytes;
    private final short[] shorts;
    private final int[] ints;
    private final long[] longs;
    private final float[] floats;
    private final double[] doubles;

    /** A conversion of integers or bools into any computable dtype, or of floats into float32 or float64. */
    BlockConversion(DType from, DType to) {
        this.from = from;
        this.unpacked = unpacked(from, to);
        this.to = to;
        this.bytes = new byte[from.widthInBytes() == Byte.BYTES || to == DType.BOOL ? CAPACITY : 0];
        this.shorts = new short[from.widthInBytes() == Short.BYTES ? CAPACITY : 0];
        this.ints = new int[capacity(DType.INT32)];
        this.longs = new long[capacity(DType.INT64)];
        this.floats = new float[capacity(DType.FLOAT32)];
        this.doubles = new double[capacity(DType.FLOAT64)];
    }

    private static DType unpacked(DType from, DType to) {
        boolean isByte = from == DType.UINT8 || from == DType.INT8;
        if (isByte && to == DType.FLOAT32) {
            return DType.FLOAT32;
        }
        return from == DType.BOOL ? DType.INT32 : from.decoded();
    }

    private int capacity(DType dtype) {
        return dtype == unpacked || dtype == to ? CAPACITY : 0;
    }

    /** The array that values are converted from. */
    Object source() {
        return switch (from) {
            case BOOL, UINT8, INT8 -> bytes;
            case INT16, FLOAT16, BFLOAT16 -> shorts;
            case INT32, INT64, FLOAT32, FLOAT64 -> computable(from);
        };
    }

    /** The array that values are converted to. */
    Object result() {
        return computable(to);
    }

    private Object computable(DType dtype) {
        return switch (dtype) {
            case BOOL -> bytes;
            case INT32 -> ints;
            case INT64 -> longs;
            case FLOAT32 -> floats;
            case FLOAT64 -> doubles;
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw impossible();
        };
    }

    /** Where the first element of an array of values of a dtype is, as Platform addresses it. */
    static int arrayOffset(DType dtype) {
        return switch (dtype) {
            case BOOL, UINT8, INT8 -> Platform.BYTE_ARRAY_OFFSET;
            case INT16, FLOAT16, BFLOAT16 -> Platform.SHORT_ARRAY_OFFSET;
            case INT32 -> Platform.INT_ARRAY_OFFSET;
            case INT64 -> Platform.LONG_ARRAY_OFFSET;
            case FLOAT32 -> Platform.FLOAT_ARRAY_OFFSET;
            case FLOAT64 -> Platform.DOUBLE_ARRAY_OFFSET;
        };
    }

    /** Converts the first {@code count} values of {@link #source} into {@link #result}. */
    void convert(int count) {
        switch (from) {
            case BOOL -> ElementLoops.boolsToInts(bytes, ints, count);
            case UINT8, INT8 -> unpackBytes(count);
            case INT16 -> ElementLoops.shortsToInts(shorts, ints, count);
            case FLOAT16 -> ElementLoops.halvesToFloats(shorts, floats, count);
            case BFLOAT16 -> ElementLoops.brainFloatsToFloats(shorts, floats, count);
            case INT32, INT64, FLOAT32, FLOAT64 -> {}
        }
        if (unpacked != to) {
            convertUnpacked(count);
        }
    }

    private void unpackBytes(int count) {
        boolean isSigned = from == DType.INT8;
        if (unpacked == DType.FLOAT32 && isSigned) {
            ElementLoops.bytesToFloats(bytes, floats, count);
        } else if (unpacked == DType.FLOAT32) {
            ElementLoops.unsignedBytesToFloats(bytes, floats, count);
        } else if (isSigned) {
            ElementLoops.bytesToInts(bytes, ints, count);
        } else {
            ElementLoops.unsignedBytesToInts(bytes, ints, count);
        }
    }

    private void convertUnpacked(int count) {
        switch (unpacked) {
            case INT32 -> convertInts(count);
            case INT64 -> convertLongs(count);
            case FLOAT32 -> ElementLoops.floatsToDoubles(floats, doubles, count);
            case FLOAT64 -> ElementLoops.doublesToFloats(doubles, floats, count);
            case BOOL, UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw impossible();
        }
    }

    private void convertInts(int count) {
        switch (to) {
            case BOOL -> ElementLoops.intsToBools(ints, bytes, count);
            case INT64 -> ElementLoops.intsToLongs(ints, longs, count);
            case FLOAT32 -> ElementLoops.intsToFloats(ints, floats, count);
            case FLOAT64 -> ElementLoops.intsToDoubles(ints, doubles, count);
            case INT32, UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw impossible();
        }
    }

    private void convertLongs(int count) {
        switch (to) {
            case INT32 -> ElementLoops.longsToInts(longs, ints, count);
            case FLOAT32 -> ElementLoops.longsToFloats(longs, floats, count);
            case FLOAT64 -> ElementLoops.longsToDoubles(longs, doubles, count);
            case BOOL, INT64, UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw impossible();
        }
    }

    private IllegalStateException impossible() {
        return new IllegalStateException("Values of %s are read as %s".formatted(from, to));
    }
}
