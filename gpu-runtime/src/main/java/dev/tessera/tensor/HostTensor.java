package dev.tessera.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A tensor in host memory: a dtype, known sizes, and a window of a buffer on the heap or outside it.
 *
 * <p>Row-major and contiguous but for the leading axis, whose stride is free, so that a batch can be a view of foreign
 * bytes (rows with headers between them). The storage need only be aligned to 4 bytes. A batch of rows is a tensor whose
 * leading axis counts the rows. Does not own its storage. Bool elements are bytes 0 and 1.
 */
public final class HostTensor {
    /** The largest tensor, in bytes; what the JVM's buffers and arrays can address. */
    public static final long MAX_SIZE_IN_BYTES = Integer.MAX_VALUE - 15L;

    private final DType dtype;
    private final long[] sizes;
    private final ByteBuffer storage;
    private final ByteBuffer origin;
    private final int offsetInBytes;
    private final long leadingStrideInBytes;

    /**
     * A view of {@code storage} from {@code offsetInBytes}, the leading axis advancing by
     * {@code leadingStrideInBytes}. The buffer's position and limit are ignored, its capacity is the bound.
     *
     * @throws IllegalArgumentException if the view leaves the storage
     */
    public HostTensor(DType dtype, long[] sizes, ByteBuffer storage, int offsetInBytes, long leadingStrideInBytes) {
        this(dtype, sizes, storage, storage, offsetInBytes, leadingStrideInBytes);
    }

    private HostTensor(
            DType dtype,
            long[] sizes,
            ByteBuffer origin,
            ByteBuffer storage,
            int offsetInBytes,
            long leadingStrideInBytes) {
        this.origin = origin;
        this.dtype = dtype;
        this.sizes = sizes.clone();
        ByteBuffer whole = storage.duplicate().order(ByteOrder.nativeOrder());
        whole.clear();
        this.storage = whole;
        this.offsetInBytes = offsetInBytes;
        this.leadingStrideInBytes = leadingStrideInBytes;
        long end = endInBytes();
        if (offsetInBytes < 0 || leadingStrideInBytes < 0 || end > storage.capacity()) {
            throw new IllegalArgumentException(
                    "Cannot view %s%s: bytes %d to %d with leading stride %d leave a storage of %d bytes"
                            .formatted(
                                    dtype,
                                    Arrays.toString(sizes),
                                    offsetInBytes,
                                    end,
                                    leadingStrideInBytes,
                                    storage.capacity()));
        }
    }

    private long endInBytes() {
        try {
            long width = dtype.widthInBytes();
            long whole = Math.multiplyExact(elementCount(sizes, 0), width);
            if (whole == 0) {
                return offsetInBytes;
            }
            long lead = sizes.length == 0 ? 1 : sizes[0];
            long lastRow = Math.multiplyExact(lead - 1, leadingStrideInBytes);
            return Math.addExact(Math.addExact(offsetInBytes, lastRow), whole / lead);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "Cannot view %s%s: its size overflows".formatted(dtype, Arrays.toString(sizes)), e);
        }
    }

    /** Whether this was made as a view of {@code buffer}, the very object, or as rows of such a view. */
    @SuppressWarnings("ReferenceEquality") // Buffers of equal contents are other memory.
    public boolean isViewOf(ByteBuffer buffer) {
        return origin == buffer;
    }

    /**
     * The {@code count} rows from {@code first} on, as a view.
     *
     * @throws IllegalArgumentException if there are not so many
     */
    public HostTensor rows(long first, long count) {
        if (sizes.length == 0 || first < 0 || count < 0 || first + count > sizes[0]) {
            throw new IllegalArgumentException("Cannot view %d rows of %s from %d on".formatted(count, this, first));
        }
        long[] fewer = sizes.clone();
        fewer[0] = count;
        long offset = count == 0 ? 0 : offsetInBytes + first * leadingStrideInBytes;
        return new HostTensor(dtype, fewer, origin, storage, Math.toIntExact(offset), leadingStrideInBytes);
    }

    /** A contiguous view of the start of {@code storage}. */
    public static HostTensor contiguous(DType dtype, long[] sizes, ByteBuffer storage) {
        return new HostTensor(dtype, sizes, storage, 0, elementCount(sizes, 1) * dtype.widthInBytes());
    }

    /**
     * A new tensor of zeros on the heap.
     *
     * @throws IllegalArgumentException if it is larger than {@link #MAX_SIZE_IN_BYTES}
     */
    public static HostTensor zeros(DType dtype, long... sizes) {
        long bytes = sizeInBytes(dtype, sizes);
        ByteBuffer storage = ByteBuffer.allocate((int) bytes).order(ByteOrder.nativeOrder());
        return contiguous(dtype, sizes, storage);
    }

    /** A float32 tensor with a copy of {@code values}; a vector if no sizes are given. */
    public static HostTensor of(float[] values, long... sizes) {
        HostTensor tensor = zerosFor(DType.FLOAT32, values.length, sizes);
        tensor.storage.asFloatBuffer().put(values);
        return tensor;
    }

    /** A float64 tensor with a copy of {@code values}; a vector if no sizes are given. */
    public static HostTensor of(double[] values, long... sizes) {
        HostTensor tensor = zerosFor(DType.FLOAT64, values.length, sizes);
        tensor.storage.asDoubleBuffer().put(values);
        return tensor;
    }

    /** An int32 tensor with a copy of {@code values}; a vector if no sizes are given. */
    public static HostTensor of(int[] values, long... sizes) {
        HostTensor tensor = zerosFor(DType.INT32, values.length, sizes);
        tensor.storage.asIntBuffer().put(values);
        return tensor;
    }

    /** An int64 tensor with a copy of {@code values}; a vector if no sizes are given. */
    public static HostTensor of(long[] values, long... sizes) {
        HostTensor tensor = zerosFor(DType.INT64, values.length, sizes);
        tensor.storage.asLongBuffer().put(values);
        return tensor;
    }

    /** A bool tensor with a copy of {@code values}; a vector if no sizes are given. */
    public static HostTensor of(boolean[] values, long... sizes) {
        HostTensor tensor = zerosFor(DType.BOOL, values.length, sizes);
        for (int i = 0; i < values.length; i++) {
            tensor.storage.put(i, values[i] ? (byte) 1 : 0);
        }
        return tensor;
    }

    /** A float32 scalar. */
    public static HostTensor scalar(float value) {
        HostTensor tensor = zeros(DType.FLOAT32);
        tensor.storage.putFloat(0, value);
        return tensor;
    }

    /** A float64 scalar. */
    public static HostTensor scalar(double value) {
        HostTensor tensor = zeros(DType.FLOAT64);
        tensor.storage.putDouble(0, value);
        return tensor;
    }

    private static HostTensor zerosFor(DType dtype, int length, long[] sizes) {
        long[] filled = sizes.length == 0 ? new long[] {length} : sizes;
        if (elementCount(filled, 0) != length) {
            throw new IllegalArgumentException("Cannot shape %d %s values as %s: that takes %d"
                    .formatted(length, dtype, Arrays.toString(filled), elementCount(filled, 0)));
        }
        return zeros(dtype, filled);
    }

    public DType dtype() {
        return dtype;
    }

    public int rank() {
        return sizes.length;
    }

    public long size(int axis) {
        return sizes[axis];
    }

    public long[] sizes() {
        return sizes.clone();
    }

    public long elementCount() {
        return elementCount(sizes, 0);
    }

    public long sizeInBytes() {
        return elementCount() * dtype.widthInBytes();
    }

    /** The whole storage, in native byte order; absolute access only, its position is shared. */
    public ByteBuffer storage() {
        return storage;
    }

    public int offsetInBytes() {
        return offsetInBytes;
    }

    /** The distance in bytes between neighbours on the leading axis. */
    public long leadingStrideInBytes() {
        return leadingStrideInBytes;
    }

    /** Whether all elements lie one after the other; so do those of one row, or none, whatever the stride. */
    public boolean isContiguous() {
        return sizes.length == 0
                || sizes[0] <= 1
                || leadingStrideInBytes == elementCount(sizes, 1) * dtype.widthInBytes();
    }

    public TensorType type() {
        return new TensorType(dtype, Shape.of(sizes));
    }

    /** The {@code index}-th tensor along the leading axis, as a view. */
    public HostTensor row(long index) {
        if (sizes.length == 0 || index < 0 || index >= sizes[0]) {
            throw new IndexOutOfBoundsException(
                    "Cannot view row %d of %s%s".formatted(index, dtype, Arrays.toString(sizes)));
        }
        long[] inner = Arrays.copyOfRange(sizes, 1, sizes.length);
        int offset = Math.toIntExact(offsetInBytes + index * leadingStrideInBytes);
        long stride = elementCount(inner, 1) * dtype.widthInBytes();
        return new HostTensor(dtype, inner, storage, offset, stride);
    }

    /** This with other sizes of the same element count, as a view. */
    public HostTensor reshape(long... newSizes) {
        if (!isContiguous() || elementCount(newSizes, 0) != elementCount()) {
            throw new IllegalArgumentException("Cannot view %s%s as %s: element counts differ or it is not contiguous"
                    .formatted(dtype, Arrays.toString(sizes), Arrays.toString(newSizes)));
        }
        long stride = elementCount(newSizes, 1) * dtype.widthInBytes();
        return new HostTensor(dtype, newSizes, storage, offsetInBytes, stride);
    }

    /** The byte position in {@link #storage} of the element at {@code flatIndex} in row-major order. */
    public int bytePosition(long flatIndex) {
        long inner = elementCount(sizes, 1);
        long lead = inner == 0 ? 0 : flatIndex / inner;
        long rest = inner == 0 ? 0 : flatIndex % inner;
        return Math.toIntExact(offsetInBytes + lead * leadingStrideInBytes + rest * dtype.widthInBytes());
    }

    /** The element at {@code flatIndex} as a double; bool as 0 and 1. An int64 beyond 2^53 is rounded. */
    public double doubleAt(long flatIndex) {
        int at = bytePosition(flatIndex);
        return switch (dtype) {
            case FLOAT32 -> storage.getFloat(at);
            case FLOAT64 -> storage.getDouble(at);
            case BOOL, INT32, INT64 -> longAt(flatIndex);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(storageOnly());
        };
    }

    /** The element at {@code flatIndex} as a long; a float is truncated. */
    public long longAt(long flatIndex) {
        int at = bytePosition(flatIndex);
        return switch (dtype) {
            case BOOL -> storage.get(at);
            case INT32 -> storage.getInt(at);
            case INT64 -> storage.getLong(at);
            case FLOAT32 -> (long) storage.getFloat(at);
            case FLOAT64 -> (long) storage.getDouble(at);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(storageOnly());
        };
    }

    /** Stores {@code value}, converted as Java's casts do; nonzero is true. */
    public void setDouble(long flatIndex, double value) {
        int at = bytePosition(flatIndex);
        switch (dtype) {
            case FLOAT32 -> storage.putFloat(at, (float) value);
            case FLOAT64 -> storage.putDouble(at, value);
            case BOOL -> storage.put(at, value != 0 ? (byte) 1 : 0);
            case INT32 -> storage.putInt(at, (int) value);
            case INT64 -> storage.putLong(at, (long) value);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(storageOnly());
        }
    }

    /** Stores {@code value}, wrapped to the dtype's width; nonzero is true. */
    public void setLong(long flatIndex, long value) {
        int at = bytePosition(flatIndex);
        switch (dtype) {
            case INT32 -> storage.putInt(at, (int) value);
            case INT64 -> storage.putLong(at, value);
            case FLOAT32 -> storage.putFloat(at, (float) value);
            case FLOAT64 -> storage.putDouble(at, (double) value);
            case BOOL -> storage.put(at, value != 0 ? (byte) 1 : 0);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(storageOnly());
        }
    }

    private String storageOnly() {
        return "Values of " + dtype + " are decoded on entry and never read here";
    }

    /** A copy of all elements as float32. */
    public float[] toFloatArray() {
        float[] values = new float[Math.toIntExact(elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) doubleAt(i);
        }
        return values;
    }

    /** A copy of all elements as float64. */
    public double[] toDoubleArray() {
        double[] values = new double[Math.toIntExact(elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = doubleAt(i);
        }
        return values;
    }

    /** A copy of all elements as int64; floats are truncated. */
    public long[] toLongArray() {
        long[] values = new long[Math.toIntExact(elementCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = longAt(i);
        }
        return values;
    }

    /** A contiguous copy of all bytes, row-major, little-endian whatever the machine. */
    public byte[] toLittleEndianBytes() {
        ByteBuffer copy = ByteBuffer.allocate(Math.toIntExact(sizeInBytes()));
        forEachLittleEndianChunk(copy::put);
        return copy.array();
    }

    /**
     * Hands all bytes to {@code sink}, row-major, little-endian whatever the machine, in a few large pieces. The sink
     * reads each from its position to its limit, and keeps none.
     */
    public void forEachLittleEndianChunk(Consumer<ByteBuffer> sink) {
        long total = sizeInBytes();
        if (total == 0) {
            return;
        }
        long chunks = isContiguous() ? 1 : sizes[0];
        int length = Math.toIntExact(total / chunks);
        for (long chunk = 0; chunk < chunks; chunk++) {
            int start = Math.toIntExact(offsetInBytes + chunk * leadingStrideInBytes);
            ByteBuffer bytes = storage.slice(start, length).order(ByteOrder.nativeOrder());
            boolean asIs = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN || dtype.widthInBytes() == 1;
            sink.accept(asIs ? bytes : reordered(bytes, dtype.widthInBytes(), ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** A copy of elements of {@code width} bytes in another byte order than that of {@code elements}. */
    static ByteBuffer reordered(ByteBuffer elements, int width, ByteOrder order) {
        ByteBuffer copy = ByteBuffer.allocate(elements.remaining()).order(order);
        switch (width) {
            case 1 -> copy.duplicate().put(elements);
            case 2 -> copy.asShortBuffer().put(elements.asShortBuffer());
            case 4 -> copy.asIntBuffer().put(elements.asIntBuffer());
            default -> copy.asLongBuffer().put(elements.asLongBuffer());
        }
        return copy;
    }

    /** A tensor on the heap of contiguous, row-major, little-endian {@code bytes}, which become its storage. */
    public static HostTensor ownLittleEndian(DType dtype, long[] sizes, byte[] bytes) {
        ByteBuffer elements = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean asIs = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN || dtype.widthInBytes() == 1;
        ByteBuffer storage = asIs ? elements : reordered(elements, dtype.widthInBytes(), ByteOrder.nativeOrder());
        if (sizeInBytes(dtype, sizes) != bytes.length) {
            throw new IllegalArgumentException("Cannot shape %d bytes as %s%s: that takes %d"
                    .formatted(bytes.length, dtype, Arrays.toString(sizes), sizeInBytes(dtype, sizes)));
        }
        return contiguous(dtype, sizes, storage);
    }

    /** The size in bytes of a contiguous tensor, checked against {@link #MAX_SIZE_IN_BYTES}. */
    public static long sizeInBytes(DType dtype, long... sizes) {
        long bytes;
        try {
            bytes = Math.multiplyExact(elementCount(sizes, 0), dtype.widthInBytes());
        } catch (ArithmeticException e) {
            bytes = Long.MAX_VALUE;
        }
        if (bytes > MAX_SIZE_IN_BYTES) {
            throw new IllegalArgumentException("Cannot hold %s%s: a tensor has at most %d bytes"
                    .formatted(dtype, Arrays.toString(sizes), MAX_SIZE_IN_BYTES));
        }
        return bytes;
    }

    private static long elementCount(long[] sizes, int fromAxis) {
        long count = 1;
        boolean isEmpty = false;
        for (int axis = fromAxis; axis < sizes.length; axis++) {
            if (sizes[axis] < 0) {
                throw new IllegalArgumentException(
                        "Cannot size a tensor %s: axis %d is negative".formatted(Arrays.toString(sizes), axis));
            }
            isEmpty |= sizes[axis] == 0;
            // An empty axis hides no overflow of the others: strides are products too.
            count = Math.multiplyExact(count, Math.max(1, sizes[axis]));
        }
        return isEmpty ? 0 : count;
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(sizes);
    }
}
