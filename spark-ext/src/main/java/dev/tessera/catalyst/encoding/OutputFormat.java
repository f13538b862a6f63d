package dev.tessera.catalyst.encoding;

/** The form in which an output comes back as a column. A scalar is a scalar column in every form but BINARY. */
public enum OutputFormat {
    /** As the first input that is no scalar came in; nested arrays if there is none. */
    LIKE_INPUT,
    /** A nested array: {@code array<array<float>>} for a matrix. */
    NESTED,
    /** One flat array of the elements in row-major order; the shape is in the column's metadata. */
    FLAT,
    /** MLlib's Vector, for a vector of float64. */
    VECTOR,
    /** MLlib's Matrix, for a matrix of float64. */
    MATRIX,
    /** The elements in row-major order, little-endian, as binary; dtype and shape are in the column's metadata. */
    BINARY
}
