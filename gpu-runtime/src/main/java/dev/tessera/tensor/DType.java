package dev.tessera.tensor;

import java.util.List;
import java.util.Locale;

/**
 * The element type of a tensor, under NumPy's names. Five are computed with; the others exist in storage only and are
 * decoded on entry.
 */
public enum DType {
    BOOL(1, 1, Kind.BOOL),
    INT32(2, 4, Kind.INTEGER),
    INT64(3, 8, Kind.INTEGER),
    FLOAT32(4, 4, Kind.FLOATING),
    FLOAT64(5, 8, Kind.FLOATING),
    UINT8(16, 1, Kind.STORAGE),
    INT8(17, 1, Kind.STORAGE),
    INT16(18, 2, Kind.STORAGE),
    FLOAT16(19, 2, Kind.STORAGE),
    BFLOAT16(20, 2, Kind.STORAGE);

    private enum Kind {
        BOOL,
        INTEGER,
        FLOATING,
        STORAGE
    }

    // A reader asks for one of them for each word of hostile bytes: values() would copy them all each time.
    private static final List<DType> VALUES = List.of(values());

    private final int wireCode;
    private final int widthInBytes;
    private final Kind kind;

    DType(int wireCode, int widthInBytes, Kind kind) {
        this.wireCode = wireCode;
        this.widthInBytes = widthInBytes;
        this.kind = kind;
    }

    /** The stable code of this dtype in plans and saved graphs. */
    public int wireCode() {
        return wireCode;
    }

    public int widthInBytes() {
        return widthInBytes;
    }

    public boolean isFloating() {
        return kind == Kind.FLOATING;
    }

    public boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    /** Whether values of this dtype can be computed with, rather than only stored. */
    public boolean isComputable() {
        return kind != Kind.STORAGE;
    }

    /** The computable dtype that values of this dtype are decoded to on entry: itself if it is computable. */
    public DType decoded() {
        return switch (this) {
            case BOOL, INT32, INT64, FLOAT32, FLOAT64 -> this;
            case UINT8, INT8, INT16 -> INT32;
            case FLOAT16, BFLOAT16 -> FLOAT32;
        };
    }

    /** NumPy's name: {@code float32}, {@code bool}. */
    public String numpyName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * NumPy's {@code result_type} of two arrays: an int32 or int64 that meets a float32 gives float64, and bool gives
     * way to all.
     *
     * @throws IllegalArgumentException if either dtype is not computable
     */
    public static DType promote(DType left, DType right) {
        if (!left.isComputable() || !right.isComputable()) {
            throw new IllegalArgumentException("Cannot promote %s and %s: storage dtypes are decoded on entry"
                    .formatted(left.numpyName(), right.numpyName()));
        }
        if (left == right || right == BOOL) {
            return left;
        }
        if (left == BOOL) {
            return right;
        }
        boolean bothIntegers = left.isInteger() && right.isInteger();
        return bothIntegers ? INT64 : FLOAT64;
    }

    /** Whether every value of {@code from} is a value of this dtype, by NumPy's {@code safe} casting rule. */
    public boolean canHold(DType from) {
        return promote(this, from) == this;
    }

    /**
     * The dtype of a wire code.
     *
     * @throws IllegalArgumentException if no dtype has this code
     */
    public static DType ofWireCode(int wireCode) {
        for (int i = 0; i < VALUES.size(); i++) {
            DType dtype = VALUES.get(i);
            if (dtype.wireCode == wireCode) {
                return dtype;
            }
        }
        throw new IllegalArgumentException("Cannot read dtype: unknown code " + wireCode);
    }

    /**
     * The dtype of a NumPy name.
     *
     * @throws IllegalArgumentException if no dtype has this name
     */
    public static DType ofNumpyName(String name) {
        for (DType dtype : values()) {
            if (dtype.numpyName().equals(name)) {
                return dtype;
            }
        }
        throw new IllegalArgumentException(
                "Cannot find dtype '%s': use bool, int32, int64, float32 or float64".formatted(name));
    }

    @Override
    public String toString() {
        return numpyName();
    }
}
