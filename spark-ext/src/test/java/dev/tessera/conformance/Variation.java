package dev.tessera.conformance;

/** How an input varies over the rows of a batch. */
enum Variation {
    /** A column of known sizes. */
    ROW,
    /** A column whose sizes other than 1 are unknown until a row is seen. */
    UNKNOWN,
    PARAMETER,
    CONSTANT
}
