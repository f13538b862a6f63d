package dev.tessera.plan;

import dev.tessera.tensor.DType;
import java.util.List;
import java.util.Locale;

/**
 * The reductions along an axis.
 *
 * <p>Of no elements: sum 0, prod 1, any false, all true, mean NaN, supremum -infinity; max, min and the arg-reductions have
 * no value and are refused when the plan is bound.
 */
public enum ReduceOp {
    SUM(1),
    PROD(2),
    /** NaN if any element is. */
    MAX(3),
    /** NaN if any element is. */
    MIN(4),
    /** float32 and float64 only. */
    MEAN(5),
    /** bool only. */
    ANY(6),
    /** bool only. */
    ALL(7),
    /** The position of the first largest element, or of the first NaN; int64. */
    ARGMAX(8),
    /** The position of the first smallest element, or of the first NaN; int64. */
    ARGMIN(9),
    /** The largest element, NaN if any element is, but -infinity of none; float32 and float64 only. */
    SUPREMUM(10);

    // A reader asks for one of them for each word of hostile bytes: values() would copy them all each time.
    private static final List<ReduceOp> VALUES = List.of(values());

    private final int wireCode;

    ReduceOp(int wireCode) {
        this.wireCode = wireCode;
    }

    /** The stable code of this reduction in plans and saved graphs. */
    public int wireCode() {
        return wireCode;
    }

    /** Whether elements of {@code dtype} are reduced as they are. int32 and bool are cast to int64 before sum and prod. */
    public boolean accepts(DType dtype) {
        return switch (this) {
            case SUM, PROD -> dtype.isFloating() || dtype.isInteger();
            case MAX, MIN, ARGMAX, ARGMIN -> dtype.isComputable();
            case MEAN, SUPREMUM -> dtype.isFloating();
            case ANY, ALL -> dtype == DType.BOOL;
        };
    }

    public DType resultDType(DType dtype) {
        return switch (this) {
            case SUM, PROD, MAX, MIN, MEAN, ANY, ALL, SUPREMUM -> dtype;
            case ARGMAX, ARGMIN -> DType.INT64;
        };
    }

    /** Whether a reduction of no elements has a value. */
    public boolean hasIdentity() {
        return switch (this) {
            case SUM, PROD, MEAN, ANY, ALL, SUPREMUM -> true;
            case MAX, MIN, ARGMAX, ARGMIN -> false;
        };
    }

    /**
     * The reduction of a wire code.
     *
     * @throws IllegalArgumentException if no reduction has this code
     */
    public static ReduceOp ofWireCode(int wireCode) {
        for (int i = 0; i < VALUES.size(); i++) {
            ReduceOp op = VALUES.get(i);
            if (op.wireCode == wireCode) {
                return op;
            }
        }
        throw new IllegalArgumentException("Cannot read reduction: unknown code " + wireCode);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
