package dev.tessera.plan;

/** What is checked of a plan, from its bytes to its run: an error names the check that failed. */
public enum PlanCheck {
    /** Magic, format version and length of the envelope. */
    ENVELOPE,
    /** The digest of the body. */
    DIGEST,
    /** The bytes end where the plan does. */
    LENGTH,
    /** Every count is within its limit and the bytes that are left. */
    COUNT,
    /** Every code names something. */
    CODE,
    /** Text and names. */
    TEXT,
    /** Dims are canonical, bounded and do not overflow. */
    DIM,
    /** The memory that reading takes. */
    MEMORY,
    /** Slots are named by an index that there is, and hold what is computable. */
    SLOT,
    /** Which steps may touch slots of which scope. */
    SCOPE,
    /** Everything is written before it is read. */
    ORDER,
    /** Dtypes agree. */
    DTYPE,
    /** Dims agree. */
    SHAPE,
    /** Every dim can be known from the inputs. */
    UNKNOWN,
    /** Row programs are well typed. */
    PROGRAM,
    /** Views stay within their slots. */
    BOUNDS,
    /** What a step writes is apart from what it reads, element by element. */
    OVERLAP,
    /** Sizes of a binding keep the equalities. */
    EQUALITY,
    /** A reduction of nothing has a value. */
    EMPTY,
    /** Bytes and work of a row. */
    BUDGET
}
