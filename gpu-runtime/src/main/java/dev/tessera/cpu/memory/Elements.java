package dev.tessera.cpu.memory;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * The values of a slot during one batch, addressed by element: rows at a fixed distance, 0 if all rows share one value.
 *
 * <p>Runs move between here and heap arrays of the dtype's Java type (bool as bytes 0 and 1). Does not own its memory;
 * absolute access only, so that threads may share one.
 */
public final class Elements {
    private final DType dtype;
    private final ByteBuffer bytes;
    private final Buffer typed;
    private final long rowStride;

    private Elements(DType dtype, ByteBuffer bytes, long rowStride) {
        this.dtype = dtype;
        this.bytes = bytes;
        this.rowStride = rowStride;
        this.typed = switch (dtype) {
            case BOOL -> bytes;
            case INT32 -> bytes.asIntBuffer();
            case INT64 -> bytes.asLongBuffer();
            case FLOAT32 -> bytes.asFloatBuffer();
            case FLOAT64 -> bytes.asDoubleBuffer();
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 ->
                throw new IllegalStateException("Values of " + dtype + " are decoded on entry and never read here");
        };
    }

    /** Elements from byte 0 of {@code bytes}, rows {@code rowStride} elements apart. */
    public static Elements of(DType dtype, ByteBuffer bytes, long rowStride) {
        ByteBuffer whole = bytes.duplicate().order(ByteOrder.nativeOrder());
        whole.clear();
        return new Elements(dtype, whole, rowStride);
    }

    /** Whether {@link #ofRows} can address the rows of {@code tensor}: they are whole elements apart. */
    public static boolean canView(HostTensor tensor) {
        return tensor.size(0) <= 1
                || tensor.leadingStrideInBytes() % tensor.dtype().widthInBytes() == 0;
    }

    /** The elements of a tensor [rows, ...], in place. */
    public static Elements ofRows(HostTensor tensor) {
        long stride = tensor.leadingStrideInBytes() / tensor.dtype().widthInBytes();
        return new Elements(tensor.dtype(), window(tensor), stride);
    }

    /** The elements of a contiguous tensor that all rows share, in place. */
    public static Elements ofInvariant(HostTensor tensor) {
        return new Elements(tensor.dtype(), window(tensor), 0);
    }

    private static ByteBuffer window(HostTensor tensor) {
        ByteBuffer storage = tensor.storage();
        int from = Math.min(tensor.offsetInBytes(), storage.capacity());
        return storage.slice(from, storage.capacity() - from).order(ByteOrder.nativeOrder());
    }

    public DType dtype() {
        return dtype;
    }

    /** The memory, element 0 first. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Elements from one row to the next. */
    public long rowStride() {
        return rowStride;
    }

    public FloatBuffer floats() {
        return (FloatBuffer) typed;
    }

    public DoubleBuffer doubles() {
        return (DoubleBuffer) typed;
    }

    public IntBuffer ints() {
        return (IntBuffer) typed;
    }

    public LongBuffer longs() {
        return (LongBuffer) typed;
    }

    /** Copies {@code count} elements, {@code stride} apart from {@code from} on, to an array of the dtype's Java type. */
    public void load(long from, long stride, Object target, int to, int count) {
        int at = (int) from;
        int step = (int) stride;
        switch (dtype) {
            case FLOAT32 -> load(floats(), at, step, (float[]) target, to, count);
            case FLOAT64 -> load(doubles(), at, step, (double[]) target, to, count);
            case INT32 -> load(ints(), at, step, (int[]) target, to, count);
            case INT64 -> load(longs(), at, step, (long[]) target, to, count);
            case BOOL -> load(bytes, at, step, (byte[]) target, to, count);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(dtype.toString());
        }
    }

    /** Copies {@code count} elements of an array of the dtype's Java type to places {@code stride} apart. */
    public void store(long to, long stride, Object source, int from, int count) {
        int at = (int) to;
        int step = (int) stride;
        switch (dtype) {
            case FLOAT32 -> store(floats(), at, step, (float[]) source, from, count);
            case FLOAT64 -> store(doubles(), at, step, (double[]) source, from, count);
            case INT32 -> store(ints(), at, step, (int[]) source, from, count);
            case INT64 -> store(longs(), at, step, (long[]) source, from, count);
            case BOOL -> store(bytes, at, step, (byte[]) source, from, count);
            case UINT8, INT8, INT16, FLOAT16, BFLOAT16 -> throw new IllegalStateException(dtype.toString());
        }
    }

    private static void load(FloatBuffer source, int at, int step, float[] target, int to, int count) {
        if (step == 1) {
            source.get(at, target, to, count);
        } else if (step == 0) {
            if (count > 0) {
                Arrays.fill(target, to, to + count, source.get(at));
            }
        } else {
            for (int i = 0, from = at; i < count; i++, from += step) {
                target[to + i] = source.get(from);
            }
        }
    }

    private static void store(FloatBuffer target, int at, int step, float[] source, int from, int count) {
        if (step == 1) {
            target.put(at, source, from, count);
        } else {
            for (int i = 0, to = at; i < count; i++, to += step) {
                target.put(to, source[from + i]);
            }
        }
    }

    private static void load(DoubleBuffer source, int at, int step, double[] target, int to, int count) {
        if (step == 1) {
            source.get(at, target, to, count);
        } else if (step == 0) {
            if (count > 0) {
                Arrays.fill(target, to, to + count, source.get(at));
            }
        } else {
            for (int i = 0, from = at; i < count; i++, from += step) {
                target[to + i] = source.get(from);
            }
        }
    }

    private static void store(DoubleBuffer target, int at, int step, double[] source, int from, int count) {
        if (step == 1) {
            target.put(at, source, from, count);
        } else {
            for (int i = 0, to = at; i < count; i++, to += step) {
                target.put(to, source[from + i]);
            }
        }
    }

    private static void load(IntBuffer source, int at, int step, int[] target, int to, int count) {
        if (step == 1) {
            source.get(at, target, to, count);
        } else if (step == 0) {
            if (count > 0) {
                Arrays.fill(target, to, to + count, source.get(at));
            }
        } else {
            for (int i = 0, from = at; i < count; i++, from += step) {
                target[to + i] = source.get(from);
            }
        }
    }

    private static void store(IntBuffer target, int at, int step, int[] source, int from, int count) {
        if (step == 1) {
            target.put(at, source, from, count);
        } else {
            for (int i = 0, to = at; i < count; i++, to += step) {
                target.put(to, source[from + i]);
            }
        }
    }

    private static void load(LongBuffer source, int at, int step, long[] target, int to, int count) {
        if (step == 1) {
            source.get(at, target, to, count);
        } else if (step == 0) {
            if (count > 0) {
                Arrays.fill(target, to, to + count, source.get(at));
            }
        } else {
            for (int i = 0, from = at; i < count; i++, from += step) {
                target[to + i] = source.get(from);
            }
        }
    }

    private static void store(LongBuffer target, int at, int step, long[] source, int from, int count) {
        if (step == 1) {
            target.put(at, source, from, count);
        } else {
            for (int i = 0, to = at; i < count; i++, to += step) {
                target.put(to, source[from + i]);
            }
        }
    }

    private static void load(ByteBuffer source, int at, int step, byte[] target, int to, int count) {
        if (step == 1) {
            source.get(at, target, to, count);
        } else if (step == 0) {
            if (count > 0) {
                Arrays.fill(target, to, to + count, source.get(at));
            }
        } else {
            for (int i = 0, from = at; i < count; i++, from += step) {
                target[to + i] = source.get(from);
            }
        }
    }

    private static void store(ByteBuffer target, int at, int step, byte[] source, int from, int count) {
        if (step == 1) {
            target.put(at, source, from, count);
        } else {
            for (int i = 0, to = at; i < count; i++, to += step) {
                target.put(to, source[from + i]);
            }
        }
    }
}
