package dev.tessera.text;

import dev.tessera.tensor.DType;
import dev.tessera.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The header of a .npy file, a Python dict such as {@code {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }},
 * and the elements that it describes.
 */
final class NpyHeader {
    // NumPy's limit of axes.
    private static final int MAX_RANK = 64;
    // Magic, version and length, and the header itself, fill a multiple of this.
    private static final int ALIGNMENT = 64;
    private static final int BYTES_BEFORE = 10;

    private final DType dtype;
    private final ByteOrder byteOrder;
    private final boolean isFortran;
    private final long[] sizes;

    private NpyHeader(String descr, boolean isFortran, List<Long> shape) {
        this.dtype = dtype(descr);
        this.byteOrder = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        this.isFortran = isFortran;
        this.sizes = shape.stream().mapToLong(Long::longValue).toArray();
    }

    /**
     * Reads a header.
     *
     * @throws TensorFormatException if it is none, or of a dtype that is not read
     */
    static NpyHeader parse(String text) {
        PythonDict dict = PythonDict.parse(text, MAX_RANK);
        return new NpyHeader(dict.text("descr"), dict.bool("fortran_order"), dict.integers("shape"));
    }

    /** The header of a contiguous little-endian tensor, padded as NumPy pads it. */
    static String text(HostTensor tensor) {
        String shape = Arrays.stream(tensor.sizes())
                .mapToObj(Long::toString)
                .collect(Collectors.joining(", ", "(", tensor.rank() == 1 ? ",)" : ")"));
        String dict = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr(tensor.dtype()), shape);
        int unpadded = BYTES_BEFORE + dict.length() + 1;
        return dict + " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
    }

    private static String descr(DType dtype) {
        return switch (dtype) {
            case BOOL -> "|b1";
            case INT32 -> "<i4";
            case INT64 -> "<i8";
            case FLOAT32 -> "<f4";
            case FLOAT64 -> "<f8";
            case UINT8 -> "|u1";
            case INT8 -> "|i1";
            case INT16 -> "<i2";
            case FLOAT16 -> "<f2";
            case BFLOAT16 -> throw new IllegalArgumentException("NumPy has no bfloat16");
        };
    }

    private static DType dtype(String descr) {
        for (DType dtype : DType.values()) {
            boolean named = dtype != DType.BFLOAT16
                    && descr.length() == 3
                    && "<>|=".indexOf(descr.charAt(0)) >= 0
                    && descr.endsWith(descr(dtype).substring(1));
            if (named) {
                return dtype;
            }
        }
        throw new TensorFormatException(("it holds the dtype '%s'; bool, int32, int64, float32, float64 are read, and "
                        + "uint8, int8, int16, float16 decoded: convert it with x.astype(...)")
                .formatted(descr));
    }

    long sizeInBytes() {
        return HostTensor.sizeInBytes(dtype, sizes);
    }

    /** The tensor of the elements in {@code bytes}, which may become its storage. */
    HostTensor tensor(byte[] bytes) {
        requireBools(bytes);
        boolean inOrder = !isFortran || sizes.length < 2;
        boolean littleEndian = byteOrder == ByteOrder.LITTLE_ENDIAN || dtype.widthInBytes() == 1;
        if (inOrder && littleEndian && dtype.isComputable()) {
            return HostTensor.ownLittleEndian(dtype, sizes, bytes);
        }
        HostTensor tensor = HostTensor.zeros(dtype.decoded(), sizes);
        ByteBuffer elements = ByteBuffer.wrap(bytes).order(byteOrder);
        long[] strides = strides();
        long[] index = new long[sizes.length];
        long count = tensor.elementCount();
        long at = 0;
        for (long i = 0; i < count; i++) {
            copy(elements, (int) at * dtype.widthInBytes(), tensor, i);
            int axis = sizes.length - 1;
            while (axis >= 0 && ++index[axis] == sizes[axis]) {
                at -= strides[axis] * (sizes[axis] - 1);
                index[axis--] = 0;
            }
            at += axis < 0 ? 0 : strides[axis];
        }
        return tensor;
    }

    private void requireBools(byte[] bytes) {
        if (dtype == DType.BOOL) {
            for (byte value : bytes) {
                if (value != 0 && value != 1) {
                    throw new TensorFormatException("a bool in it is %d; 0 and 1 are bools".formatted(value));
                }
            }
        }
    }

    /** The strides of the file's order, in elements. */
    private long[] strides() {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = 0; i < sizes.length; i++) {
            int axis = isFortran ? i : sizes.length - 1 - i;
            strides[axis] = stride;
            stride *= sizes[axis];
        }
        return strides;
    }

    private void copy(ByteBuffer elements, int at, HostTensor tensor, long to) {
        switch (dtype) {
            case BOOL, INT8 -> tensor.setLong(to, elements.get(at));
            case UINT8 -> tensor.setLong(to, elements.get(at) & 0xff);
            case INT16 -> tensor.setLong(to, elements.getShort(at));
            case INT32 -> tensor.setLong(to, elements.getInt(at));
            case INT64 -> tensor.setLong(to, elements.getLong(at));
            case FLOAT16 -> tensor.setDouble(to, float16(elements.getShort(at)));
            case FLOAT32 -> tensor.setDouble(to, elements.getFloat(at));
            case FLOAT64 -> tensor.setDouble(to, elements.getDouble(at));
            case BFLOAT16 -> throw new IllegalStateException("NumPy has no bfloat16");
        }
    }

    /** The value of an IEEE 754 half. */
    private static double float16(short bits) {
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        double magnitude;
        if (exponent == 0x1f) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (exponent == 0) {
            magnitude = Math.scalb((double) fraction, -24);
        } else {
            magnitude = Math.scalb((double) (fraction | 0x400), exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(sizes);
    }
}
