package dev.tessera.text;

/** The numbers that {@link GraphWriter} and {@link GraphReader} agree on; never reused for another meaning. */
final class GraphLayout {
    static final int ELEMENTWISE = 1;
    static final int CAST = 2;
    static final int REDUCE = 3;
    static final int MAT_MUL = 4;
    static final int RESHAPE = 5;
    static final int DIM_SHUFFLE = 6;
    static final int BROADCAST_TO = 7;
    static final int SLICE = 8;
    static final int DIAGONAL = 9;
    static final int CONCAT = 10;
    static final int PAD = 11;
    static final int TAKE = 12;
    static final int TOP_K = 13;
    static final int CUMULATIVE_SUM = 14;
    static final int SOFTMAX = 15;
    static final int LOG_SUM_EXP = 16;
    static final int GEMM = 17;
    static final int SYRK = 18;
    static final int FUSED = 19;

    /** In the place of an activation's code. */
    static final int NO_ACTIVATION = 0;

    static final int MAX_DIMS = 100_000;
    static final int MAX_INPUTS = 10_000;
    static final int MAX_CONSTANTS = 100_000;
    static final int MAX_APPLIES = 1_000_000;
    /** Of one application. */
    static final int MAX_ARGUMENTS = 10_000;

    static final int MAX_OUTPUTS = 10_000;

    static final int INT_BYTES = Integer.BYTES;
    static final int LONG_BYTES = Long.BYTES;
    static final int TYPE_BYTES = 2 * INT_BYTES;
    static final int CONSTANT_BYTES = 3 * INT_BYTES;
    static final int APPLY_BYTES = 3 * INT_BYTES;
    static final int RANGE_BYTES = 2 * INT_BYTES + LONG_BYTES;

    private GraphLayout() {}
}
