package dev.tessera.plan;

/** The numbers that {@link PlanWriter} and {@link PlanReader} agree on, and the fewest bytes that each thing takes. */
final class WireLayout {
    static final int ROW_PROGRAM = 1;
    static final int GEMM = 2;
    static final int SYRK = 3;
    static final int COPY = 4;
    static final int GATHER = 5;
    static final int CUMULATIVE_SUM = 6;
    static final int TOP_K = 7;
    static final int REDUCE_ROWS = 8;

    static final int LOAD = 1;
    static final int IMMEDIATE = 2;
    static final int MAP = 3;
    static final int CONVERT = 4;
    static final int REDUCE = 5;

    static final int INT_BYTES = Integer.BYTES;
    static final int TEXT_BYTES = INT_BYTES;
    static final int DIM_INDEX_BYTES = INT_BYTES;
    static final int SLOT_BYTES = 3 * INT_BYTES;
    static final int TYPE_BYTES = 2 * INT_BYTES;
    static final int CONSTANT_BYTES = INT_BYTES + TYPE_BYTES + TEXT_BYTES;
    static final int INPUT_BYTES = TEXT_BYTES + TYPE_BYTES + INT_BYTES;
    static final int OPERAND_BYTES = 4 * INT_BYTES;
    static final int OUTPUT_BYTES = TEXT_BYTES + TYPE_BYTES + OPERAND_BYTES;
    static final int EQUALITY_BYTES = 2 * DIM_INDEX_BYTES + TEXT_BYTES;
    static final int STEP_BYTES = 8 * INT_BYTES;
    static final int PROGRAM_INPUT_BYTES = 2 * INT_BYTES;
    static final int INSTRUCTION_BYTES = 2 * INT_BYTES;

    private WireLayout() {}
}
