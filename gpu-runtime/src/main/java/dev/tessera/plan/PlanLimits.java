package dev.tessera.plan;

/** The largest plan that is written, read and run. */
public final class PlanLimits {
    public static final int MAX_SLOTS = 100_000;
    /** Of invariant and of row steps, each. */
    public static final int MAX_STEPS = 100_000;

    public static final int MAX_CONSTANTS = 100_000;
    public static final int MAX_INPUTS = 10_000;
    public static final int MAX_OUTPUTS = 10_000;
    public static final int MAX_EQUALITIES = 100_000;
    /** Of one row program. */
    public static final int MAX_INSTRUCTIONS = 10_000;
    /** Inputs, and outputs, of one row program. */
    public static final int MAX_PROGRAM_OPERANDS = 1_000;

    /** Of distinct dims. */
    static final int MAX_DIMS = 1_000_000;

    private PlanLimits() {}
}
