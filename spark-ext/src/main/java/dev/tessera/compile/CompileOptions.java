package dev.tessera.compile;

/**
 * How a function treats its columns.
 *
 * @param allowInputDowncast whether a column may be narrowed to its input's dtype, a double column to float32
 * @param onBadRow what becomes of a row that the function cannot evaluate
 */
public record CompileOptions(boolean allowInputDowncast, OnBadRow onBadRow) {
    /** Nothing is narrowed, and a bad row fails the query. */
    public static final CompileOptions DEFAULT = new CompileOptions(false, OnBadRow.FAIL);

    /** These options, but columns may be narrowed to their input's dtype. */
    public CompileOptions withInputDowncast() {
        return new CompileOptions(true, onBadRow);
    }

    /** These options, but a bad row becomes what {@code onBadRow} says. */
    public CompileOptions withOnBadRow(OnBadRow onBadRow) {
        return new CompileOptions(allowInputDowncast, onBadRow);
    }
}
