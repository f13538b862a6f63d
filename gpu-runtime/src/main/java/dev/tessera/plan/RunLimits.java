package dev.tessera.plan;

/**
 * How much a bound plan may take: bytes of all ROW slots for one row, bytes of all other slots, and scalar operations of
 * the steps for one row, and of the invariant steps.
 */
public record RunLimits(long bytesPerRow, long invariantBytes, long workPerRow, long invariantWork) {
    /** 64 GiB, and what a core does in about twenty minutes. */
    public static final RunLimits DEFAULT = new RunLimits(1L << 36, 1L << 36, 1L << 40, 1L << 40);
}
