package dev.tessera.compile;

/** What becomes of a row whose value is no tensor of the declared type, or has no result. */
public enum OnBadRow {
    /** The query fails, naming the row, the column and both shapes. */
    FAIL,
    /** The result is null and the report counts the row. */
    NULL
}
