package dev.tessera.catalyst.encoding;

import java.util.Arrays;
import java.util.Locale;

/**
 * The form in which an output comes back as a column. A scalar is a scalar column in every form but BINARY; a vector in
 * nested form is a flat array.
 */
public enum OutputFormat {
    /**
     * As the first input that is no scalar came in: nested from nested, flat from flat or binary, MLlib's Vector or
     * Matrix from either of them for floating outputs of rank 1 or 2; else nested.
     */
    LIKE_INPUT,
    /** A nested array: {@code array<array<float>>} for a matrix. */
    NESTED,
    /** One flat array of the elements in row-major order; the shape is in the column's metadata. */
    FLAT,
    /** MLlib's Vector, for a vector of any dtype but int64; it becomes float64. */
    VECTOR,
    /** MLlib's Matrix, for a matrix of any dtype but int64; it becomes float64. */
    MATRIX,
    /** The elements in row-major order, little-endian, as binary; dtype and shape are in the column's metadata. */
    BINARY;

    /**
     * The format of a name, such as {@code "vector"}, in any case.
     *
     * @throws IllegalArgumentException if there is none; the message lists them
     */
    public static OutputFormat ofName(String name) {
        for (OutputFormat format : values()) {
            if (format.name().equalsIgnoreCase(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException("Cannot write an output as '%s': use one of %s"
                .formatted(name, Arrays.toString(values()).toLowerCase(Locale.ROOT)));
    }
}
